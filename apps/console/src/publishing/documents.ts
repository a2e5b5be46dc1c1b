/** The files that stand beside a model: which is which, and what it says in a few numbers. */
import { valueAt } from './pointers';

export const DOCUMENTS = ['golden', 'evaluation', 'examples', 'card', 'metrics'] as const;
export type DocumentName = (typeof DOCUMENTS)[number];
export const MODEL_ENDINGS = ['.keras', '.h5', '.hdf5', '.onnx', '.zip'] as const;
export const MANIFEST_ENDINGS = ['.yaml', '.yml'] as const;
export const DOCUMENT_ENDINGS = ['.json', '.md'] as const;

export type DocumentSummary =
  | { readonly kind: 'golden'; readonly rows: number; readonly answeredBy: string; readonly hasLabels: boolean }
  | {
      readonly kind: 'evaluation';
      readonly datasets: readonly { readonly name: string; readonly title: string; readonly rows: number }[];
    }
  | { readonly kind: 'examples'; readonly titles: readonly string[] }
  | { readonly kind: 'card'; readonly heading: string | undefined; readonly words: number }
  | { readonly kind: 'metrics'; readonly count: number };

export type FileKind = 'artifact' | 'manifest' | 'document' | undefined;

export function kindOfFile(fileName: string): FileKind {
  const name = fileName.toLowerCase();
  const endsWith = (endings: readonly string[]): boolean => endings.some((ending) => name.endsWith(ending));
  if (endsWith(MODEL_ENDINGS)) return 'artifact';
  if (endsWith(MANIFEST_ENDINGS)) return 'manifest';
  return endsWith(DOCUMENT_ENDINGS) ? 'document' : undefined;
}

/**
 * What a file of text is, by what is in it: people name files as they like.
 * @returns undefined: none of the documents
 */
export function summarize(fileName: string, text: string): DocumentSummary | undefined {
  if (fileName.toLowerCase().endsWith('.md')) return cardOf(text);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined; // told as a file that is none of the documents
  }
  if (Array.isArray(valueAt(content, ['outputs']))) return goldenOf(content);
  const datasets = valueAt(content, ['datasets']);
  if (Array.isArray(datasets))
    return {
      kind: 'evaluation',
      datasets: datasets.map((dataset: unknown) => ({
        name: String(valueAt(dataset, ['name']) ?? ''),
        title: String(valueAt(dataset, ['title']) ?? valueAt(dataset, ['name']) ?? ''),
        rows: Number(valueAt(dataset, ['rows']) ?? 0),
      })),
    };
  const examples = valueAt(content, ['examples']);
  if (Array.isArray(examples))
    return { kind: 'examples', titles: examples.map((example: unknown) => String(valueAt(example, ['title']) ?? '')) };
  const count = numbersIn(content);
  return count > 0 ? { kind: 'metrics', count } : undefined;
}

function goldenOf(content: unknown): DocumentSummary {
  return {
    kind: 'golden',
    rows: (valueAt(content, ['outputs']) as unknown[]).length,
    answeredBy: String(valueAt(content, ['answeredBy']) ?? '?'),
    hasLabels: Array.isArray(valueAt(content, ['labels'])),
  };
}

function cardOf(text: string): DocumentSummary {
  const heading = /^#+\s+(.+)$/m.exec(text)?.[1]?.trim();
  return { kind: 'card', heading, words: text.split(/\s+/).filter((word) => word !== '').length };
}

/** `{"accuracy": 0.9}`, `{"held-out": {"accuracy": 0.9}}`, or the manifest's list. */
function numbersIn(content: unknown): number {
  if (typeof content === 'number') return 1;
  if (typeof content !== 'object' || content === null) return 0;
  return Object.values(content).reduce((sum: number, value: unknown) => sum + numbersIn(value), 0);
}
