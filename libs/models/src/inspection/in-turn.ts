/** Model files of strangers are looked at one after the other: each is in memory as a whole meanwhile. */
let last: Promise<unknown> = Promise.resolve();

/** Begins when what was handed in before is done, however it ended. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = last.then(work, work);
  last = done.catch(() => undefined); // told to whoever handed it in
  return done;
}
