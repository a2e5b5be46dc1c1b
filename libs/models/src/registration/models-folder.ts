/** The versions that come with the installation: MODELS_DIR/<name>/<version>/, registered when the server starts. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { SYSTEM } from '#audit';
import { DomainError, LatidoConfig } from '#platform';
import { Activations } from '../activations.service.js';
import { compareVersions } from '../manifest/semantic-version.js';
import { modelErrors } from '../models.errors.js';
import { ModelRegistration } from './model-registration.js';
import { readVersionFolder } from './version-folder.js';

@Injectable()
export class ModelsFolder {
  private readonly logger = new Logger(ModelsFolder.name);

  constructor(
    private readonly config: LatidoConfig,
    private readonly registration: ModelRegistration,
    private readonly activations: Activations,
  ) {}

  /**
   * Registers what is new, and activates the highest verified version of a model that never had an active one.
   * A folder that is no version is logged with its reason and stops nothing.
   */
  async register(): Promise<void> {
    for (const model of await this.foldersIn(this.config.models.dir)) {
      const versions = await this.foldersIn(join(this.config.models.dir, model));
      for (const version of versions.sort(compareVersions)) await this.registerVersion(model, version);
      if (versions.length > 0)
        await this.activations.activateFirst(
          model,
          'first start: the highest verified version that came with the installation',
        );
    }
  }

  private async registerVersion(model: string, version: string): Promise<void> {
    const name = `${model}/${version}`;
    try {
      const { dir, largestArtifactBytes } = this.config.models;
      const files = await readVersionFolder(join(dir, model, version), largestArtifactBytes);
      const { manifest } = files;
      if (manifest.name !== model || manifest.version !== version) {
        throw new DomainError(
          modelErrors.MANIFEST_INVALID,
          `manifest.yaml is that of ${manifest.name} ${manifest.version}, which belongs into ${manifest.name}/${manifest.version}`,
        );
      }
      const { outcome, status, rejection } = await this.registration.add(files, SYSTEM);
      if (status === 'rejected')
        this.logger.warn({ folder: name, reason: rejection }, 'the version is rejected and cannot be activated');
      else if (outcome === 'registered') this.logger.log({ folder: name }, 'the version is verified and registered');
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.logger.error(
        { folder: name, code: error.kind.code, reason: error.message, errors: error.extra.errors },
        'the folder is not registered',
      );
    }
  }

  /** Names of the folders in a folder; links to folders count (mounted volumes are full of them), hidden ones do not. */
  private async foldersIn(path: string): Promise<string[]> {
    let names: string[];
    try {
      names = await readdir(path);
    } catch (error) {
      this.logger.warn({ folder: path, reason: (error as Error).message }, 'the folder of models cannot be read');
      return [];
    }
    const found: string[] = [];
    for (const name of names.filter((candidate) => !candidate.startsWith('.')).sort()) {
      const status = await stat(join(path, name)).catch(() => undefined); // a link that leads nowhere
      if (status?.isDirectory()) found.push(name);
    }
    return found;
  }
}
