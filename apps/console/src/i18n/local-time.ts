/** Days and instants as fields hold them (`<input type="date">`, `datetime-local`): where the person is. */

const two = (part: number): string => String(part).padStart(2, '0');

/** `2031-01-31` */
export function toDayField(instant: Date): string {
  return `${instant.getFullYear()}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`;
}

/** `2026-03-01T09:30`: to the minute. */
export function toTimeField(instant: Date): string {
  return `${toDayField(instant)}T${two(instant.getHours())}:${two(instant.getMinutes())}`;
}

/** Undefined where the field is empty, or the text is no time. */
export function instantOf(text: string | undefined): Date | undefined {
  const instant = new Date(text ?? '');
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
