/** Publishes a version that somebody uploads: all of it, or nothing. */
import { rm } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '#audit';
import { InferenceEngines } from '#inference';
import { DomainError, invalidRequest, LatidoConfig, type Principal, type RequestOrigin } from '#platform';
import type { ModelVersionDto } from '../http/model.dto.js';
import { ModelsService } from '../models.service.js';
import { modelErrors } from '../models.errors.js';
import { inferIntoFolder } from '../registration/infer-into-folder.js';
import { ModelRegistration } from '../registration/model-registration.js';
import { readDocument, readVersionFolder, type VersionFiles } from '../registration/version-folder.js';
import { nameByManifest, receiveUpload, UPLOADED_ARTIFACT, uploadFolder, type Upload } from './upload.js';

/** What was published, and whether it is new. */
export interface Publication {
  readonly created: boolean;
  readonly version: ModelVersionDto;
}

@Injectable()
export class Publishing {
  constructor(
    private readonly config: LatidoConfig,
    private readonly registration: ModelRegistration,
    private readonly models: ModelsService,
    private readonly engines: InferenceEngines,
  ) {}

  /**
   * Takes a version from a form: `artifact`, and beside it `manifest`, `golden`, `evaluation`, `examples`, `metrics`, `card`.
   * @throws INVALID_REQUEST, MANIFEST_INVALID, MODEL_DOES_NOT_FIT, MODEL_UNREADABLE, VERSION_CONFLICT, PAYLOAD_TOO_LARGE,
   *   UNSUPPORTED_MEDIA_TYPE, MALFORMED_REQUEST
   */
  async publish(
    model: string,
    request: FastifyRequest,
    principal: Principal,
    origin: RequestOrigin,
  ): Promise<Publication> {
    const folder = await uploadFolder(this.config.dataDir);
    try {
      const upload = await receiveUpload(request, folder, this.config.models.largestArtifactBytes);
      const files = await this.filesOf(model, upload);
      const { outcome, version } = await this.registration.add(files, actorOf(principal), {
        refuseUnfit: true,
        origin,
      });
      return {
        created: outcome === 'registered',
        version: await this.models.version(model, version, principal.role),
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async filesOf(model: string, upload: Upload): Promise<VersionFiles> {
    const { folder } = upload;
    if (!upload.hasManifest) await this.infer(model, upload);
    await nameByManifest(folder, (await readDocument(folder, 'manifest')) ?? '');
    const files = await readVersionFolder(folder, this.config.models.largestArtifactBytes);
    const { name } = files.manifest;
    if (name !== model)
      throw new DomainError(modelErrors.MANIFEST_INVALID, `The manifest is that of ${name}, it was sent to ${model}.`, {
        errors: [{ pointer: '/name', detail: `must be ${model}, as in the path` }],
      });
    return files;
  }

  private async infer(name: string, { folder, artifactName: fileName, version }: Upload): Promise<void> {
    if (version === undefined)
      throw invalidRequest([
        { pointer: '/version', detail: 'is needed where there is no manifest: a field such as version=1.0.0' },
      ]);
    const { largestArtifactBytes } = this.config.models;
    const unmanifested = { folder, file: UPLOADED_ARTIFACT, fileName, name, version, largestArtifactBytes };
    await inferIntoFolder(unmanifested, this.engines);
  }
}
