/**
 * Loaded into the server's process with `--import` for the profile and the soak alone; in every other measurement the server runs as it
 * ships. It answers orders that come over the process's IPC channel.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

const session = new Session();

const orders = {
  /** @param {number} intervalMicros between two samples */
  async startProfile(intervalMicros) {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: intervalMicros });
    await session.post('Profiler.start');
  },

  /** @param {string} path of the .cpuprofile to write */
  async stopProfile(path) {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    writeFileSync(path, JSON.stringify(profile));
  },

  /** What is left after a full collection (needs --expose-gc), and what the process holds open. */
  async rest() {
    for (let round = 0; round < 3; round += 1) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const resources = {};
    for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
    return { ...process.memoryUsage(), resources };
  },
};

process.on('message', async ({ number, name, argument }) => {
  try {
    process.send({ number, result: await orders[name](argument) });
  } catch (error) {
    process.send({ number, error: error.message });
  }
});
// The channel alone does not keep a server running that has been told to stop.
process.channel?.unref();
