/** Looks at model files that somebody uploads, and forgets them. */
import { readFile, rm } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InferenceEngines } from '#inference';
import {
  DomainError,
  invalidRequest,
  isFileBody,
  LatidoConfig,
  platformErrors,
  readMultipart,
  writeFileBody,
} from '#platform';
import type { InspectionDto, InspectQuery } from '../http/inspection.dto.js';
import { uploadFolder } from '../publishing/upload.js';
import { MODEL_ENDINGS } from '../registration/version-source.js';
import { inTurn } from './in-turn.js';
import { inspectFile } from './inspect-file.js';

const LARGEST_FIELD_BYTES = 1024;

@Injectable()
export class Inspections {
  constructor(
    private readonly config: LatidoConfig,
    private readonly engines: InferenceEngines,
  ) {}

  /**
   * What the file in the body is: the body itself, or the part `artifact` of a form.
   * @throws MODEL_UNREADABLE, MODEL_TOO_COSTLY, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, INVALID_REQUEST, MALFORMED_REQUEST
   */
  async inspect(request: FastifyRequest, query: InspectQuery): Promise<InspectionDto> {
    const folder = await uploadFolder(this.config.dataDir);
    try {
      const path = join(folder, 'model');
      const fileName = await this.receive(request, path);
      return await inTurn(async () => inspectFile({ bytes: await readFile(path), fileName, ...query }, this.engines));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Answers the file's name; a body has none. */
  private async receive(request: FastifyRequest, path: string): Promise<string> {
    const { largestArtifactBytes } = this.config.models;
    if (isFileBody(request)) {
      await writeFileBody(request, path, largestArtifactBytes);
      return 'model';
    }
    let fileName: string | undefined;
    const limits = { fileBytes: largestArtifactBytes, fieldBytes: LARGEST_FIELD_BYTES, parts: 1 };
    await readMultipart(request, limits, async (part) => {
      if (part.name !== 'artifact' || !('file' in part))
        throw invalidRequest([{ pointer: '/artifact', detail: 'is missing: the model file, as a file of the form' }]);
      requireModelName(part.fileName);
      fileName = basename(part.fileName);
      await pipeline(part.file, createWriteStream(path, { mode: 0o600 }));
    });
    if (fileName !== undefined) return fileName;
    throw invalidRequest([{ pointer: '/artifact', detail: 'is missing: the model file, as a file of the form' }]);
  }
}

function requireModelName(fileName: string): void {
  if (MODEL_ENDINGS.includes(extname(fileName).toLowerCase())) return;
  const detail = `The file must be of one of the kinds ${MODEL_ENDINGS.join(', ')}.`;
  throw new DomainError(platformErrors.UNSUPPORTED_MEDIA_TYPE, detail);
}
