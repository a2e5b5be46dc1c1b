/**
 * The program of a worker thread. Threads run JavaScript only: where the sources run (in tests), it is the one that was
 * built of them below dist/.
 * @param path below this folder, for instance `engines/kernel-worker.js`
 */
export function workerProgram(path: string): URL {
  const here = import.meta.url;
  return new URL(here.endsWith('.ts') ? `../../../dist/libs/inference/src/${path}` : `./${path}`, here);
}
