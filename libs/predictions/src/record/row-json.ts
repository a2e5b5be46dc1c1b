/** JSON of a recorded row, written by hand because `input` is JSON text already. Imports nothing: threads that write rows do, too. */

/** JSON of a RecordedRow. @param subject undefined where no patients are named @param scores row-major, those of the row from `offset` */
export function rowJson(
  subject: string | null | undefined,
  input: string,
  scores: Float32Array,
  offset: number,
  width: number,
  label: string | undefined,
): string {
  let text = `"input":${input},"scores":[`;
  for (let column = 0; column < width; column += 1)
    text += column === 0 ? exact(scores[offset]!) : `,${exact(scores[offset + column]!)}`;
  text += label === undefined ? ']}' : `],"label":${JSON.stringify(label)}}`;
  return subject === undefined ? `{${text}` : `{"subject":${JSON.stringify(subject)},${text}`;
}

/** A float32 read back as a double is the same number, so the text loses nothing; the sign of a zero is kept as well. */
function exact(score: number): string {
  return Object.is(score, -0) ? '-0' : String(score);
}
