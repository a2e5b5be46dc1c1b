/** The form's file as Flask hands it over: the first part called `file` that has a file name. */
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { DomainError, platformErrors, readMultipart } from '#platform';
import { NO_FILE_PART, NO_SELECTED_FILE } from './glm.refusals.js';

/** Ten thousand rows of some twenty numbers. */
export const LARGEST_FILE_BYTES = 2 * 1024 * 1024;
/** Other parts are read and forgotten, as there. */
const LIMITS = { fileBytes: LARGEST_FILE_BYTES, fieldBytes: 64 * 1024, parts: 20 };
/** Whoever sends more slowly holds a place that the account's other clients wait for. */
const WITHIN_MS = 60_000;

export interface UploadedFile {
  /** As the client says, without folders. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** @throws MALFORMED_REQUEST, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE */
export async function receiveFile(request: FastifyRequest): Promise<UploadedFile> {
  const overdue = setTimeout(() => request.raw.destroy(), WITHIN_MS);
  let received: UploadedFile | undefined;
  try {
    await readMultipart(request, LIMITS, async (part) => {
      if (!('file' in part)) return;
      if (received || part.name !== 'file') await forget(part.file);
      else received = { name: part.fileName, bytes: await bytesOf(part.file) };
    });
  } finally {
    clearTimeout(overdue);
  }
  if (!received) throw new DomainError(platformErrors.MALFORMED_REQUEST, NO_FILE_PART);
  if (received.name === '') throw new DomainError(platformErrors.MALFORMED_REQUEST, NO_SELECTED_FILE);
  return received;
}

async function bytesOf(file: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of file as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

async function forget(file: Readable): Promise<void> {
  for await (const part of file) void part;
}
