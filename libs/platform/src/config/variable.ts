/** How an environment variable is defined. */

export interface Variable<T> {
  readonly description: string;
  readonly example: string;
  /** The text used when the variable is unset; absent: the value is then undefined. */
  readonly default?: string;
  readonly secret?: boolean;
  readonly parse: (text: string) => T;
}

/** Keeps what the definition says of itself: whether there is a default, and what its parser makes of a text. */
export function variable<const Definition extends Variable<unknown>>(definition: Definition): Definition {
  return definition;
}
