/** How often values occurred, drawn small: behind a field, or beside a title. Decoration for the eye; `label` says it in words. */
import { useComputedColorScheme } from '@mantine/core';

interface HistogramProps {
  readonly counts: readonly number[];
  /** Where a value stands among the bars, 0 to 1; it is marked. */
  readonly at?: number;
  readonly height?: number;
  /** What is to be seen. Left out: the picture repeats what is said beside it. */
  readonly label?: string;
}

const BAR_WIDTH = 10;

export function Histogram({ counts, at, height = 36, label }: HistogramProps) {
  const scheme = useComputedColorScheme('light');
  const most = Math.max(1, ...counts);
  const width = counts.length * BAR_WIDTH;
  const own = at === undefined ? -1 : Math.min(counts.length - 1, Math.floor(at * counts.length));
  const colours = scheme === 'dark' ? { bar: '#33474b', own: '#79bec8' } : { bar: '#cfe0e2', own: '#0b6470' };
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      height={height}
      preserveAspectRatio="none"
      style={{ display: 'block' }}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      {counts.map((count, index) => {
        const size = Math.max(count > 0 ? 1 : 0, (count / most) * height);
        return (
          <rect
            key={index}
            x={index * BAR_WIDTH + 0.5}
            y={height - size}
            width={BAR_WIDTH - 1}
            height={size}
            fill={index === own ? colours.own : colours.bar}
          />
        );
      })}
    </svg>
  );
}
