/**
 * In a build, each component of Mantine that is used brings its own styles, and those of all others stay out: a third of them is what
 * the first page waits for. While one works on the console `styles.layer.css` is the whole of them.
 */
import type { Plugin } from 'vite';

const WHOLE = '@mantine/core/styles.layer.css';
const BASE = '\0mantine-base-styles';
/** Names of a component's classes, which whatever is styled by them imports. */
const CLASS_NAMES = /\/@mantine\/core\/esm\/.*\/(\w+)\.module\.mjs$/;

const importOf = (name: string): string => `import '@mantine/core/styles/${name}.layer.css';`;

export function mantineStyles(): Plugin {
  return {
    name: 'mantine-styles',
    apply: 'build',
    enforce: 'pre',
    resolveId: (source) => (source === WHOLE ? { id: BASE, moduleSideEffects: true } : undefined),
    load: (id) => (id === BASE ? ['baseline', 'default-css-variables', 'global'].map(importOf).join('\n') : undefined),
    transform: {
      filter: { id: CLASS_NAMES },
      handler: (code, id) => ({ code: `${importOf(CLASS_NAMES.exec(id)![1]!)}\n${code}`, map: null }),
    },
  };
}
