/** Counts of the last days as small bars, with their sum in words. */
import { useComputedColorScheme } from '@mantine/core';

interface SparklineProps {
  readonly values: readonly number[];
  /** "312 requests in 14 days" */
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
}

const GAP = 1;

export function Sparkline({ values, label, width = 96, height = 24 }: SparklineProps) {
  const scheme = useComputedColorScheme('light');
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
  const fill = scheme === 'dark' ? '#79bec8' : '#0b6470';
  return (
    <svg width={width} height={height} role="img" aria-label={label} style={{ display: 'block' }}>
      <title>{label}</title>
      <line x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} stroke={fill} strokeOpacity={0.35} />
      {values.map((value, index) => {
        const size = value === 0 ? 0 : Math.max(2, (value / most) * (height - 2));
        return (
          <rect
            key={index}
            x={index * step}
            y={height - size}
            width={Math.max(1, step - GAP)}
            height={size}
            fill={fill}
          />
        );
      })}
    </svg>
  );
}
