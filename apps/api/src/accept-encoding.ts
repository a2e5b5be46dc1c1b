/** Which compression a client takes, by its Accept-Encoding (RFC 9110 §12.5.3). */
export type Encoding = 'br' | 'gzip' | 'identity';

/**
 * The encoding that the client wants most; of those it wants alike, the first.
 * @param offered best first; `identity`, which stands for none, is always there
 */
export function acceptedEncoding(header: string | undefined, offered: readonly Encoding[]): Encoding {
  const weights = new Map<string, number>();
  for (const part of header?.split(',') ?? []) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const given = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = given === undefined ? 1 : Number(given.slice(2));
    weights.set(name === 'x-gzip' ? 'gzip' : name, Number.isFinite(weight) ? weight : 0);
  }
  let best: Encoding = 'identity';
  let most = weights.get('identity') ?? 0;
  for (const encoding of offered.toReversed()) {
    const weight = weights.get(encoding) ?? weights.get('*') ?? 0;
    if (weight > 0 && weight >= most) [best, most] = [encoding, weight];
  }
  return best;
}
