/** A Chromium to measure with, and to make pictures with. */
export function findChromium(): string | undefined;
/** A Chromium to test with: the one without a window, where it is installed. */
export function findTestChromium(): string | undefined;
