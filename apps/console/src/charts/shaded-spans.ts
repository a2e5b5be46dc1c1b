/** Spans of time that are shaded behind a chart's lines: where there is no value, or where something else held. */
import type uPlot from 'uplot';
import type { Scheme } from './plot';

const SHADES: Readonly<Record<Scheme, string>> = { light: 'rgba(180, 70, 31, 0.14)', dark: 'rgba(236, 151, 129, 0.2)' };
/** A span of one moment is seen all the same. */
const NARROWEST_PIXELS = 2;

/** @param spans in Unix milliseconds */
export function shadedSpans(
  spans: readonly (readonly [fromMs: number, toMs: number])[],
  scheme: Scheme,
): uPlot.Hooks.Arrays {
  return {
    drawClear: [
      (plot) => {
        const { ctx, bbox } = plot;
        const [first, last] = [bbox.left, bbox.left + bbox.width];
        const at = (ms: number): number => Math.min(last, Math.max(first, plot.valToPos(ms / 1000, 'x', true)));
        ctx.save();
        ctx.fillStyle = SHADES[scheme];
        for (const [from, to] of spans) {
          const width = Math.max(NARROWEST_PIXELS, at(to) - at(from));
          ctx.fillRect(Math.min(at(from), last - width), bbox.top, width, bbox.height);
        }
        ctx.restore();
      },
    ],
  };
}
