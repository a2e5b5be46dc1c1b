/**
 * `lat_<8 base62>_<32 base62><6 base62>`: a mark that leak scanners find, a prefix to tell keys apart by, 190 random
 * bits, and a CRC-32 of all that stands before it, so that a typing error is refused without asking the database.
 */
import { crc32 } from 'node:zlib';
import { randomBase62, toBase62 } from '../base62.js';

export const API_KEY_MARK = 'lat_';
const CHECKSUM_LENGTH = 6;
const PATTERN = /^lat_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}$/;

function checksum(text: string): string {
  return toBase62(crc32(text), CHECKSUM_LENGTH);
}

/** A new key and the prefix that may be shown again later. */
export function generateApiKey(): { readonly key: string; readonly prefix: string } {
  const prefix = `${API_KEY_MARK}${randomBase62(8)}`;
  const body = `${prefix}_${randomBase62(32)}`;
  return { key: `${body}${checksum(body)}`, prefix };
}

/** Whether the form and the checksum are right; says nothing about whether the key exists. */
export function isWellFormedApiKey(key: string): boolean {
  return PATTERN.test(key) && checksum(key.slice(0, -CHECKSUM_LENGTH)) === key.slice(-CHECKSUM_LENGTH);
}
