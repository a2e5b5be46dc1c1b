/** The program of the threads, which run JavaScript only: where the sources run (in tests), it is the one built of them below dist/. */
export function fileThreadProgram(): URL {
  const here = import.meta.url;
  const built = '../../../../../dist/libs/predictions/src/files/thread/file-thread.js';
  return new URL(here.endsWith('.ts') ? built : './file-thread.js', here);
}
