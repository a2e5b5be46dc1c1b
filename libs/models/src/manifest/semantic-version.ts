/** Order of semantic versions (semver.org, 2.0.0, section 11). */

function compareIdentifiers(a: string, b: string): number {
  const [numericA, numericB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (numericA && numericB) return Number(a) - Number(b);
  if (numericA !== numericB) return numericA ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const order = compareIdentifiers(a[index] ?? '', b[index] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function split(version: string): { release: string[]; pre: string[] } {
  const dash = version.indexOf('-');
  const [release, pre] = dash < 0 ? [version, ''] : [version.slice(0, dash), version.slice(dash + 1)];
  return { release: release.split('.'), pre: pre === '' ? [] : pre.split('.') };
}

/** Negative when `a` comes before `b`. A pre-release (1.0.0-rc.1) comes before its release. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  const order = compareLists(left.release, right.release);
  if (order !== 0) return order;
  if ((left.pre.length === 0) !== (right.pre.length === 0)) return left.pre.length === 0 ? 1 : -1;
  return compareLists(left.pre, right.pre);
}
