/** The dashboard as one page without a script: numbers of requests, and nothing of what they held. */
import { createHash } from 'node:crypto';
import { OUTCOMES, totalOf, type Outcome, type TrafficBar } from './traffic-series.js';

const TITLES: Readonly<Record<Outcome, string>> = {
  answered: 'answered',
  refused: 'refused (4xx)',
  failed: 'failed (5xx)',
};

const STYLE = `
:root { color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --text: #1b2430; --quiet: #5b6675; --line: #dfe4ea;
  --answered: #2f6fb3; --refused: #c77700; --failed: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ground: #12161c; --card: #1b2129; --text: #e6eaf0; --quiet: #9aa6b5; --line: #323b47;
  --answered: #6aa9e9; --refused: #e5a145; --failed: #f2756b; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1rem; margin: 0 0 .25rem; }
p { margin: .25rem 0 1.25rem; color: var(--quiet); }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.25rem; margin-bottom: 1.25rem; overflow-x: auto; }
ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 .75rem; padding: 0; color: var(--quiet); font-size: .9rem; }
li b { color: var(--text); font-variant-numeric: tabular-nums; }
li::before { content: ''; display: inline-block; width: .7rem; height: .7rem; border-radius: .15rem; margin-right: .4rem; }
li.answered::before { background: var(--answered); } li.refused::before { background: var(--refused); } li.failed::before { background: var(--failed); }
svg { display: block; width: 100%; min-width: 36rem; height: auto; }
svg text { fill: var(--quiet); font: 11px system-ui, sans-serif; }
svg line { stroke: var(--line); }
rect.answered { fill: var(--answered); } rect.refused { fill: var(--refused); } rect.failed { fill: var(--failed); }
`;

/** No script, nothing loaded from anywhere, and this style alone. */
export const DASHBOARD_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  `frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

const REFRESH_SECONDS = 60;

/** @param hour bars of a minute @param day bars of an hour */
export function dashboardPage(hour: readonly TrafficBar[], day: readonly TrafficBar[], now: Date): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${REFRESH_SECONDS}">
<title>Predictions over time</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Predictions over time</h1>
<p>Requests to <code>POST /predict</code>, as of ${clock(now)} UTC. Times are UTC; the page renews itself every minute.</p>
${chart('Last hour, by minute', hour, 10)}
${chart('Last day, by hour', day, 4)}
</main>
</body>
</html>
`;
}

const WIDTH = 900;
const HEIGHT = 200;
const LEFT = 44;
const BOTTOM = 24;
const TOP = 10;

/** @param labelEvery bars from one label of the time axis to the next */
function chart(title: string, bars: readonly TrafficBar[], labelEvery: number): string {
  const most = Math.max(...bars.map(({ counts }) => OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0)));
  const top = axisTop(most);
  const room = HEIGHT - BOTTOM - TOP;
  const step = (WIDTH - LEFT) / bars.length;
  const y = (count: number): number => HEIGHT - BOTTOM - (count / top) * room;
  const lines = [0, top / 2, top].map(
    (count) =>
      `<line x1="${LEFT}" x2="${WIDTH}" y1="${y(count)}" y2="${y(count)}"/><text x="${LEFT - 8}" y="${y(count) + 4}" text-anchor="end">${count}</text>`,
  );
  const drawn = bars.map((bar, index) => column(bar, LEFT + index * step, step, y));
  const labels = bars.flatMap(({ from }, index) =>
    index % labelEvery === 0
      ? [`<text x="${round(LEFT + (index + 0.5) * step)}" y="${HEIGHT - 6}" text-anchor="middle">${clock(from)}</text>`]
      : [],
  );
  const totals = OUTCOMES.map(
    (outcome) => `<li class="${outcome}"><b>${totalOf(bars, outcome)}</b> ${TITLES[outcome]}</li>`,
  );
  const summary = OUTCOMES.map((outcome) => `${totalOf(bars, outcome)} ${TITLES[outcome]}`).join(', ');
  return `<section>
<h2>${title}</h2>
<ul>${totals.join('')}</ul>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: ${summary}">
${lines.join('')}
${drawn.join('')}
${labels.join('')}
</svg>
</section>`;
}

/** One bar, from what was answered at its foot; its numbers show where the pointer rests on it. */
function column({ from, counts }: TrafficBar, x: number, step: number, y: (count: number) => number): string {
  let below = 0;
  const rects = OUTCOMES.flatMap((outcome) => {
    const count = counts[outcome];
    if (count === 0) return [];
    const [foot, head] = [y(below), y(below + count)];
    below += count;
    return [
      `<rect class="${outcome}" x="${round(x + step * 0.12)}" y="${round(head)}" width="${round(step * 0.76)}" height="${round(foot - head)}"/>`,
    ];
  });
  if (rects.length === 0) return '';
  const said = OUTCOMES.filter((outcome) => counts[outcome] > 0).map(
    (outcome) => `${counts[outcome]} ${TITLES[outcome]}`,
  );
  return `<g><title>${clock(from)}: ${said.join(', ')}</title>${rects.join('')}</g>`;
}

/** The next even number of one or two leading digits, so that its half is whole. */
function axisTop(most: number): number {
  if (most <= 2) return 2;
  const unit = 2 * 10 ** Math.max(0, Math.floor(Math.log10(most)) - 1);
  return Math.ceil(most / unit) * unit;
}

function clock(time: Date): string {
  return time.toISOString().slice(11, 16);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
