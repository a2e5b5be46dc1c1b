import { createHash } from 'node:crypto';

/**
 * How refresh tokens, API keys and invitations are stored: SHA-256 suffices for secrets of more than 128 random bits.
 */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
