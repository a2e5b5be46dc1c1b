/** A registered version as the files that its folder would hold: to carry it to another installation, or back to whoever made it. */
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { stringify } from 'yaml';
import { ModelDirectory } from './model-directory.js';
import { VERSION_FILES } from './registration/version-folder.js';
import { ArtifactStore } from './storage/artifact-store.js';
import { Artifact } from './storage/artifact.entity.js';
import { ModelRepository } from './storage/model.repository.js';

export interface ExportedFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Ends with an error where the stored bytes are damaged. */
  readonly content: AsyncIterable<Buffer> | Iterable<Buffer>;
}

@Injectable()
export class VersionExport {
  constructor(
    private readonly directory: ModelDirectory,
    private readonly models: ModelRepository,
    private readonly artifacts: ArtifactStore,
    @InjectRepository(Artifact) private readonly keys: Repository<Artifact>,
  ) {}

  /** @throws MODEL_NOT_FOUND, VERSION_NOT_FOUND; ARTIFACT_DAMAGED while the artifact is read */
  async files(model: string, version: string): Promise<ExportedFile[]> {
    const { id, manifest, artifactSha256: sha256 } = await this.directory.version(model, version, 'admin');
    const key = await this.keys.findOneByOrFail({ sha256 });
    const {
      card = VERSION_FILES.card,
      golden = VERSION_FILES.golden,
      evaluation = VERSION_FILES.evaluation,
      examples = VERSION_FILES.examples,
    } = manifest.files ?? {};
    const texts: [string, string | null][] = [
      [VERSION_FILES.manifest, stringify(manifest, { lineWidth: 0 })],
      [card, await this.models.cardOf(id)],
      [golden, jsonOf(await this.models.goldenOf(id))],
      [evaluation, jsonOf(await this.models.evaluationOf(id))],
      [examples, jsonOf(await this.models.examplesOf(id))],
    ];
    return [
      { name: manifest.artifact.file, sizeBytes: key.sizeBytes, content: this.artifacts.read(key) },
      ...texts.flatMap(([name, text]) => {
        if (text === null) return [];
        const bytes = Buffer.from(text);
        return [{ name, sizeBytes: bytes.length, content: [bytes] }];
      }),
    ];
  }
}

function jsonOf(value: object | null): string | null {
  return value === null ? null : `${JSON.stringify(value)}\n`;
}
