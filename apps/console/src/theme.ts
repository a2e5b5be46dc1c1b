/** Colours, type and the defaults of components. Contrasts are at least 4.5:1 for text in both schemes (WCAG 2.2, 1.4.3). */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const brand: MantineColorsTuple = [
  '#e9f6f7',
  '#d5eaed',
  '#a9d5db',
  '#79bec8',
  '#52aab8',
  '#389dae',
  '#2797a9',
  '#128494',
  '#0b6470',
  '#07525d',
];
/** What asks for attention: risk, refusal. Always beside a word or a sign. */
const alarm: MantineColorsTuple = [
  '#fff0ec',
  '#fbdfd7',
  '#f3bcae',
  '#ec9781',
  '#e6775b',
  '#e36243',
  '#d6492a',
  '#bd3a1d',
  '#a53118',
  '#862511',
];

export const theme = createTheme({
  colors: { brand, alarm },
  primaryColor: 'brand',
  primaryShade: { light: 8, dark: 3 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.625rem' }, h2: { fontSize: '1.2rem' }, h3: { fontSize: '1rem' } },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Card: { defaultProps: { withBorder: true, padding: 'lg', radius: 'lg' } },
    Tooltip: { defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true } } },
    Modal: { defaultProps: { centered: true } },
    Select: { defaultProps: { allowDeselect: false, checkIconPosition: 'right' } },
    Table: { defaultProps: { verticalSpacing: 'sm' } },
  },
});
