/** What the operating system tells of processes and ports. */
import { existsSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import net from 'node:net';

/** A TCP port that is free on loopback now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().unref();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Whether a process runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** In a container whose first process reaps no children, a dead Postgres stays in the process table. */
function isZombie(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && / Z /.test(readFileSync(stat, 'utf8'));
}

/**
 * Process ids are used again: the number in a stale lock file may belong to somebody else by now, even to the Postgres of another
 * folder. A postmaster's working directory is its data directory. Where a system does not tell, the lock file is believed.
 */
export function isPostgresOf(directory: string, pid: number): boolean {
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres')) return false;
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(directory);
  } catch {
    return true; // no /proc, or another user's process
  }
}
