/** What is entered into a row's fields, which of it is judged yet, and what the server said of it. */
import { useCallback, useMemo, useState } from 'react';
import { LatidoProblem } from '../api/latido';
import {
  faultsOf,
  pointerToken,
  rowOf,
  valuesOf,
  type Field,
  type FieldValues,
  type Row,
  type RowValue,
} from './fields';

export interface EnteredRow {
  readonly values: FieldValues;
  readonly row: Row;
  readonly faultCount: number;
  change(name: string, value: RowValue): void;
  leave(name: string): void;
  fillIn(row: Row): void;
  /** From now on all fields are judged: somebody has asked. */
  judgeAll(): void;
  judged(name: string): boolean;
}

export function useRow(fields: readonly Field[], first: Row): EnteredRow {
  const [values, setValues] = useState(() => valuesOf(fields, first));
  const [left, setLeft] = useState<ReadonlySet<string> | 'all'>(new Set<string>());
  const row = useMemo(() => rowOf(fields, values), [fields, values]);
  return {
    values,
    row,
    faultCount: Object.keys(faultsOf(fields, values)).length,
    change: useCallback((name, value) => setValues((before) => ({ ...before, [name]: value })), []),
    leave: useCallback((name) => setLeft((before) => (before === 'all' ? before : new Set(before).add(name))), []),
    fillIn: (filled) => {
      setValues(valuesOf(fields, filled));
      setLeft(new Set<string>());
    },
    judgeAll: () => setLeft('all'),
    judged: (name) => left === 'all' || left.has(name),
  };
}

/** What the server said of an input, for as long as the value is the one that it was said of. */
export function refusalOf(
  error: unknown,
  refused: { readonly input?: Row } | undefined,
  row: Row,
): (name: string) => string | undefined {
  return (name) =>
    error instanceof LatidoProblem && refused?.input && refused.input[name] === row[name]
      ? error.at(`/input/${pointerToken(name)}`)
      : undefined;
}

/** Whether all that the server found stands beside a field. */
export function isPlaced(error: unknown, names: readonly string[]): boolean {
  const pointers = new Set(names.map((name) => `/input/${pointerToken(name)}`));
  return (
    error instanceof LatidoProblem &&
    error.errors.length > 0 &&
    error.errors.every(({ pointer }) => pointers.has(pointer))
  );
}
