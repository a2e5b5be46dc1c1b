/** Processor time of processes, all of their threads and children, from Linux' /proc; nothing elsewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The clock that /proc counts in: 100 ticks a second on every Linux that Node runs on. */
const TICK_MICROS = 10_000;

export const HAS_PROC = existsSync('/proc/self/stat');

/** Undefined for a process that has ended meanwhile. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may hold anything.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent, user, system, childrenUser, childrenSystem] = [0, 1, 11, 12, 13, 14].map((at) => fields[at]);
    return { pid: Number(pid), parent, own: user + system, ended: childrenUser + childrenSystem };
  } catch {
    return undefined;
  }
}

/** Microseconds so far of a process and of all below it, those that have ended included. */
function microsOf(root, stats, except) {
  let ticks = 0;
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const stat = stats.get(pid);
    if (!stat || pid === except) continue;
    ticks += stat.own + stat.ended;
    for (const other of stats.values()) if (other.parent === pid) waiting.push(other.pid);
  }
  return ticks * TICK_MICROS;
}

/** Process id of the Postgres on a data folder. */
export function postmasterOf(dataFolder) {
  return Number(readFileSync(join(dataFolder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
}

/**
 * @param {number} pid of the server or the echo
 * @param {number} [postmaster] its Postgres, counted apart from it
 * @returns {{server: number, postgres: number} | undefined} microseconds since they began
 */
export function processorTime(pid, postmaster) {
  if (!HAS_PROC) return undefined;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const stats = new Map(pids.map((name) => [Number(name), statOf(name)]).filter(([, stat]) => stat));
  return {
    server: microsOf(pid, stats, postmaster),
    postgres: postmaster === undefined ? 0 : microsOf(postmaster, stats),
  };
}

/** Microseconds of all processors together since the machine began: at work, and taken by the machine's host. */
export function machineTime() {
  if (!HAS_PROC) return undefined;
  const [user, nice, system, , , interrupts, softInterrupts, stolen] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]
    .split(/\s+/)
    .slice(1)
    .map((ticks) => Number(ticks) * TICK_MICROS);
  return { busy: user + nice + system + interrupts + softInterrupts, stolen };
}

/** Sockets and files that a process holds open, and its resident memory in bytes. */
export function held(pid) {
  if (!HAS_PROC) return undefined;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    fileDescriptors: readdirSync(`/proc/${pid}/fd`).length,
    threads: Number(/^Threads:\s+(\d+)/m.exec(status)[1]),
    residentBytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) * 1024,
  };
}
