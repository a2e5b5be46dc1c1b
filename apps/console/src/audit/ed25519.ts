/** Signatures by WebCrypto (Ed25519, RFC 8032), where the browser has them. */
import { fromBase64, sha256, toHex } from './bytes';

/** Hexadecimal digits of the key's hash that name it. */
const KID_LENGTH = 16;

/** DER of a public key in PEM (SubjectPublicKeyInfo). */
function spkiOf(pem: string): Uint8Array<ArrayBuffer> {
  return fromBase64(pem.replace(/-----[^-]+-----|\s/g, ''));
}

/** The name of a public key in the record: it follows from the key. */
export async function kidOf(pem: string): Promise<string> {
  return toHex(await sha256(spkiOf(pem))).slice(0, KID_LENGTH);
}

/**
 * @param signature base64
 * @param pem the public key
 * @returns undefined where this browser cannot tell
 */
export async function signatureHolds(statement: string, signature: string, pem: string): Promise<boolean | undefined> {
  const key = await crypto.subtle?.importKey('spki', spkiOf(pem), 'Ed25519', false, ['verify']).catch(() => undefined);
  if (!key) return undefined;
  return crypto.subtle.verify('Ed25519', key, fromBase64(signature), new TextEncoder().encode(statement));
}
