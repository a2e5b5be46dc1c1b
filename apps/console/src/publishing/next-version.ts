/** Which version comes after those that are there. */

const RELEASE = /^(\d+)\.(\d+)\.(\d+)/;

function compare(a: readonly number[], b: readonly number[]): number {
  return a.map((part, index) => part - b[index]!).find((difference) => difference !== 0) ?? 0;
}

/** The highest one's next minor version: clients of a model can count on its inputs, while its numbers are others. */
export function nextVersion(versions: readonly string[]): string {
  const [highest] = versions
    .flatMap((version) => {
      const match = RELEASE.exec(version);
      return match ? [match.slice(1).map(Number)] : [];
    })
    .sort(compare)
    .toReversed();
  return highest ? `${highest[0]}.${highest[1]! + 1}.0` : '1.0.0';
}
