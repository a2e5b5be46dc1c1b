/** Where a Chromium is on this machine, for what looks at the console and at Swagger UI. */
import { existsSync } from 'node:fs';

/** What people use. */
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** The same without a window, Debian's `chromium-headless-shell`: it asks half as much of the processor. */
const SHELL = '/usr/bin/chromium-headless-shell';

const firstOf = (places) => places.find((place) => existsSync(place));

export const findChromium = () => firstOf([...BROWSERS, SHELL]);

export const findTestChromium = () => firstOf([SHELL, ...BROWSERS]);
