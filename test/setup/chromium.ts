import { findTestChromium } from '../../scripts/chromium.mjs';

/** Debian's Chromium, where there is one. */
export const CHROMIUM = findTestChromium();

/** It speaks to nobody but the page's server, and runs as root in containers. */
export const CHROMIUM_OPTIONS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
