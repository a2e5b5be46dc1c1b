import type { MouseEvent } from 'react';

/** Leaving a field says what is wrong with it, which would move a button from under the pointer before it is clicked. */
export function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}
