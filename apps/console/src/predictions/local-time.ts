/** Instants as `<input type="datetime-local">` holds them: in the local zone, to the minute. */

export function toLocalInput(instant: Date): string {
  const pad = (part: number): string => String(part).padStart(2, '0');
  const day = `${instant.getFullYear()}-${pad(instant.getMonth() + 1)}-${pad(instant.getDate())}`;
  return `${day}T${pad(instant.getHours())}:${pad(instant.getMinutes())}`;
}

/** Undefined where it is not filled in. */
export function fromLocalInput(text: string): Date | undefined {
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
