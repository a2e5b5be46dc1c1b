/** The form's file as Flask hands it over: the first part called `file` that has a file name. */
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { DomainError, FormDeadline, platformErrors, readMultipart, type MultipartPart } from '#platform';
import { SEND_LONGER_ONES } from '#predictions';
import { NO_FILE_PART, NO_SELECTED_FILE } from './glm.refusals.js';

/** Ten thousand rows of some twenty numbers. */
export const LARGEST_FILE_BYTES = 2 * 1024 * 1024;
/** Other parts are read and forgotten, as there. Files are counted here, where it is known which one is to be predicted. */
const LIMITS = { fileBytes: Infinity, fieldBytes: 64 * 1024, parts: 20 };
/** Whoever sends more slowly holds a place that the account's other clients wait for. */
const WITHIN_MS = 60_000;

export interface UploadedFile {
  /** As the client says, without folders. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** @throws MALFORMED_REQUEST, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, REQUEST_TIMEOUT */
export async function receiveFile(request: FastifyRequest, withinMs = WITHIN_MS): Promise<UploadedFile> {
  const deadline = new FormDeadline('The form', withinMs);
  let received: UploadedFile | undefined;
  const receive = async (part: MultipartPart): Promise<void> => {
    if (!('file' in part)) return;
    if (received || part.name !== 'file') await forget(part.file);
    else received = { name: part.fileName, bytes: await bytesOf(part.file) };
  };
  try {
    await readMultipart(request, LIMITS, receive, deadline.signal);
  } finally {
    deadline.met();
  }
  if (!received) throw new DomainError(platformErrors.MALFORMED_REQUEST, NO_FILE_PART);
  if (received.name === '') throw new DomainError(platformErrors.MALFORMED_REQUEST, NO_SELECTED_FILE);
  return received;
}

async function bytesOf(file: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of bounded(file, SEND_LONGER_ONES)) parts.push(part);
  return Buffer.concat(parts);
}

async function forget(file: Readable): Promise<void> {
  for await (const part of bounded(file)) void part;
}

/** @throws PAYLOAD_TOO_LARGE */
async function* bounded(file: Readable, advice = ''): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const part of file as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > LARGEST_FILE_BYTES) {
      const detail = `A file has at most ${LARGEST_FILE_BYTES} bytes here. ${advice}`;
      throw new DomainError(platformErrors.PAYLOAD_TOO_LARGE, detail.trim());
    }
    yield part;
  }
}
