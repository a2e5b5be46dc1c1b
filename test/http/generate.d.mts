export interface Step {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly as?: string;
  readonly make?: Readonly<Record<string, unknown>>;
  readonly keep?: Readonly<Record<string, unknown>>;
  readonly expect: { readonly status: number | readonly number[] };
}

export const topics: readonly { readonly id: string; readonly steps: readonly Step[] }[];
/** The folders that hold nothing but generated files. */
export const FOLDERS: readonly string[];
/** Texts by path from the project's root. */
export function batteryFiles(): Record<string, string>;
