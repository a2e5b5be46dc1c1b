/** The better of two media types for an `Accept` header (RFC 9110 §12.5.1); the first where the client has no preference. */
export function preferredType(accept: string | undefined, first: string, second: string): string {
  if (accept === undefined) return first;
  return qualityOf(accept, second) > qualityOf(accept, first) ? second : first;
}

/** The most specific range that names the type decides. */
function qualityOf(accept: string, type: string): number {
  const ranges = [type, `${type.split('/')[0]}/*`, '*/*'];
  const qualities = new Map(
    accept.split(',').map((entry) => {
      const [range = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return [range, weight === undefined ? 1 : Number(weight.slice(2)) || 0];
    }),
  );
  const named = ranges.find((range) => qualities.has(range));
  return named === undefined ? 0 : (qualities.get(named) ?? 0);
}
