/** Results as JSON text, to the byte as JSON.stringify writes them: what is the same in every answer is written once. */
import type { ModelManifest } from './manifest.js';
import type { PredictionResult } from './prediction-result.js';

export type ResultWriter = (result: PredictionResult) => string;

/** Compiles the writer of what `compileDecoder` makes by the same manifest. */
export function compileResultWriter({ task, output }: Pick<ModelManifest, 'task' | 'output'>): ResultWriter {
  if (task === 'regression') return (result) => ('value' in result ? `{"value":${result.value}}` : '');
  const classes = (output.classes ?? []).map(({ name }) => name);
  const labels = new Map(classes.map((name) => [name, JSON.stringify(name)]));
  const writeNamed = compileNamed(classes);
  if (output.kind === 'decision') {
    return (result) =>
      'score' in result
        ? `{"label":${labels.get(result.label)},"score":${result.score},"scores":${writeNamed(result.scores)}}`
        : '';
  }
  return (result) =>
    'probability' in result
      ? `{"label":${labels.get(result.label)},"probability":${result.probability},"probabilities":${writeNamed(result.probabilities)}}`
      : '';
}

/** Of finite numbers by name, in the order in which an object that was filled in this order has them. */
function compileNamed(names: readonly string[]): (values: Readonly<Record<string, number>>) => string {
  const fields = Object.keys(Object.fromEntries(names.map((name) => [name, 0]))).map((name, index) => ({
    name,
    before: `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`,
  }));
  return (values) => {
    let text = '';
    for (const { name, before } of fields) text += `${before}${values[name]}`;
    return `${text}}`;
  };
}
