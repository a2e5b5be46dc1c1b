/** Colours, type and the defaults of components. Contrasts are at least 4.5:1 for text in both schemes (WCAG 2.2, 1.4.3). */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const brand: MantineColorsTuple = [
  '#e9f6f7',
  '#d5eaed',
  '#a9d5db',
  '#79bec8',
  '#52aab8',
  '#389dae',
  '#2797a9',
  '#0e7a89',
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

/** Greys of the dark scheme, with the brand's tint; the seventh is the ground. */
const dark: MantineColorsTuple = [
  '#d5dcde',
  '#b7c1c4',
  '#96a2a5',
  '#6b787c',
  '#3c484c',
  '#2f3a3d',
  '#232c2f',
  '#182022',
  '#12191b',
  '#0c1113',
];

export const theme = createTheme({
  colors: { brand, alarm, dark },
  primaryColor: 'brand',
  primaryShade: { light: 8, dark: 7 },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: {
    fontWeight: '650',
    textWrap: 'balance',
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

/** The library's own greys and tints are too pale to read by. */
export const contrasts: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#586366',
    '--mantine-color-placeholder': '#6b777a',
    '--mantine-color-disabled-color': '#7f898c',
    '--mantine-color-error': '#a53118',
    '--mantine-color-red-text': '#a53118',
    '--mantine-color-alarm-light-color': '#862511',
    '--mantine-color-teal-light-color': '#04603f',
    '--mantine-color-yellow-light-color': '#6b4700',
    '--mantine-color-gray-light-color': '#434c4f',
    '--mantine-color-brand-light-color': '#07525d',
    '--mantine-color-anchor': '#0b6470',
  },
  dark: {
    '--mantine-color-dimmed': '#a7b2b5',
    '--mantine-color-placeholder': '#8f9b9e',
    '--mantine-color-disabled-color': '#808c90',
    '--mantine-color-error': '#f3a08c',
    '--mantine-color-red-text': '#f3a08c',
    '--mantine-color-alarm-light-color': '#f6c3b6',
    '--mantine-color-teal-light-color': '#8fe3c4',
    '--mantine-color-yellow-light-color': '#f5d489',
    '--mantine-color-gray-light-color': '#c6cfd2',
    '--mantine-color-brand-light-color': '#a9d5db',
    '--mantine-color-anchor': '#79bec8',
    // Tints of the ground; the library's are as loud as a button.
    '--mantine-color-yellow-light': '#3a3118',
    '--mantine-color-alarm-light': '#40231c',
    '--mantine-color-teal-light': '#12382f',
    '--mantine-color-brand-light': '#163a41',
    '--mantine-color-brand-light-hover': '#1b444c',
    '--mantine-color-gray-light': '#2f3a3d',
  },
});
