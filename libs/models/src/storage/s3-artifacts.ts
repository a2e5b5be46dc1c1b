/**
 * Model files in a bucket of an S3-compatible store, each an object named by its hash. The database says which there are; those
 * that were registered while Postgres kept them stay there, and are read from there.
 */
import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, type S3Settings } from '#platform';
import { CHUNK_BYTES } from './artifact-chunk.entity.js';
import { artifactDamaged, artifactUnavailable } from './artifact-errors.js';
import type { ArtifactFile } from './artifact-file.js';
import { ArtifactStore, DELETE_UNUSED, type ArtifactKey } from './artifact-store.js';
import type { PostgresArtifacts } from './postgres-artifacts.js';

const CONNECT_MS = 2_000;
/** Without a byte in either direction. */
const SILENCE_MS = 15_000;

/** What fails is thrown; the library would say it on standard error as well. */
const nothing = (): void => undefined;
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

type Sdk = typeof import('@aws-sdk/client-s3');

export class S3Artifacts extends ArtifactStore {
  private readonly uploading = new Map<string, Promise<void>>();
  private connecting?: Promise<{ sdk: Sdk; client: S3Client }>;

  constructor(
    private readonly settings: S3Settings,
    private readonly postgres: PostgresArtifacts,
    private readonly dataSource: DataSource,
  ) {
    super();
  }

  /** Of those who register the same file at once, one uploads it. */
  async prepare(file: ArtifactFile): Promise<void> {
    const uploading = this.uploading.get(file.sha256);
    if (uploading) return uploading;
    const upload = this.upload(file).finally(() => this.uploading.delete(file.sha256));
    this.uploading.set(file.sha256, upload);
    return upload;
  }

  async store(file: ArtifactFile, manager: EntityManager): Promise<void> {
    await this.enter(file, manager);
    // Between the upload and the lock that `enter` takes, another replica may have cleared it away.
    if (!(await this.keeps(file, manager)))
      throw artifactUnavailable('The model file was removed from the artifact store while it was registered.');
  }

  /** An object goes while its row is locked, so that none who stores the same file takes it for kept. */
  removeUnused(): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const [rows] = await manager.query<[{ sha256: string }[], number]>(DELETE_UNUSED);
      if (rows.length === 0) return 0;
      const { sdk, client } = await this.connect();
      try {
        for (const row of rows) await client.send(new sdk.DeleteObjectCommand(this.object(row)));
      } catch (error) {
        throw unavailable(error);
      }
      return rows.length;
    });
  }

  protected async *parts(artifact: ArtifactKey): AsyncGenerator<Buffer, void> {
    if (await this.postgres.has(artifact.sha256)) {
      yield* this.postgres.read(artifact);
      return;
    }
    const { sdk, client } = await this.connect();
    try {
      const { Body } = await client.send(new sdk.GetObjectCommand(this.object(artifact)));
      for await (const part of Body as Readable) yield part as Buffer;
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') throw artifactDamaged(artifact.sha256, 'is not in the artifact store');
      throw unavailable(error);
    }
  }

  /** One request: an object appears whole or not at all, and an upload that is cut off leaves no parts behind. */
  private async upload(file: ArtifactFile): Promise<void> {
    if (await this.keeps(file)) return;
    const { sdk, client } = await this.connect();
    const body = Readable.from(file.parts(CHUNK_BYTES), { objectMode: false });
    const stop = new AbortController();
    let fault: Error | undefined;
    body.once('error', (error) => {
      fault = error;
      stop.abort();
    });
    const put = new sdk.PutObjectCommand({ ...this.object(file), Body: body, ContentLength: file.sizeBytes });
    // The hash is known: the signature covers the bytes, and the store refuses others.
    put.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = file.sha256;
        return next(args);
      },
      { step: 'build' },
    );
    try {
      await client.send(put, { abortSignal: stop.signal });
    } catch (error) {
      throw unavailable(fault ?? error);
    } finally {
      body.destroy();
    }
  }

  /** Whether the file is here in its size; its bytes are looked at when they are read. */
  private async keeps({ sha256, sizeBytes }: ArtifactKey, manager?: EntityManager): Promise<boolean> {
    if (await this.postgres.has(sha256, manager)) return true;
    const { sdk, client } = await this.connect();
    try {
      const { ContentLength } = await client.send(new sdk.HeadObjectCommand(this.object({ sha256 })));
      return ContentLength === sizeBytes;
    } catch (error) {
      if ((error as Error).name === 'NotFound') return false;
      throw unavailable(error);
    }
  }

  private object({ sha256 }: Pick<ArtifactKey, 'sha256'>): { Bucket: string; Key: string } {
    return { Bucket: this.settings.bucket, Key: `${this.settings.prefix}${sha256}` };
  }

  /** The library is loaded on first use: where Postgres keeps the files nobody needs it. */
  private connect(): Promise<{ sdk: Sdk; client: S3Client }> {
    this.connecting ??= import('@aws-sdk/client-s3').then((sdk) => {
      const { endpoint, region, credentials, pathStyle } = this.settings;
      const client = new sdk.S3Client({
        region,
        forcePathStyle: pathStyle,
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(credentials ? { credentials } : {}),
        requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
        // Stores other than Amazon's need not know its newer checksums, and every load compares the SHA-256.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        logger: SILENT,
      });
      return { sdk, client };
    });
    return this.connecting;
  }
}

/** What the store says, without what it was asked. */
function unavailable(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const { name, code, $metadata } = error as Error & { code?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  const said = status === undefined ? `does not answer (${code ?? name})` : `answers ${status} (${name})`;
  return artifactUnavailable(`The artifact store ${said}.`, error);
}
