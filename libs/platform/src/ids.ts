/** Identifiers: UUIDv7 (RFC 9562 §5.7), which sort by the millisecond they were made in. */
import { v7 } from 'uuid';

/** A new UUIDv7; identifiers made by one process sort in the order they were made. */
export function newId(): string {
  return v7();
}

/** The smallest UUIDv7 of a moment: ids made at or after it compare greater or equal. */
export function idFloor(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** The moment in a UUIDv7, to the millisecond. */
export function idTime(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

export const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
