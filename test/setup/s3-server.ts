/**
 * An S3-compatible store of a spec file's own: s3rver, a process beside the test's on a free port, which checks signatures and keeps
 * its objects in a folder. Stopped when the file is done.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll } from 'vitest';
import { freePort, type S3Settings } from '#platform';

const START_TIMEOUT_MS = 20_000;
const BUCKET = 'latido-models';
/** The only key that s3rver knows. */
const KEY = 'S3RVER';

/** It ends with its standard input, so that it outlives no test that ended without stopping it. */
const program = (directory: string, port: number): string => `
  process.stdin.resume().on('end', () => process.exit());
  const S3rver = require('@20minutes/s3rver');
  const options = { directory: ${JSON.stringify(directory)}, port: ${port}, address: '127.0.0.1', silent: true };
  new S3rver({ ...options, configureBuckets: [{ name: '${BUCKET}' }] }).run();`;

export class S3Server {
  private child: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'latido-s3-'));
  readonly settings: S3Settings;
  private readonly client: S3Client;

  private constructor(private readonly port: number) {
    this.settings = {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: BUCKET,
      prefix: 'models/',
      region: 'us-east-1',
      credentials: { accessKeyId: KEY, secretAccessKey: KEY },
      pathStyle: true,
    };
    const { endpoint, region, credentials } = this.settings as Required<S3Settings>;
    this.client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  }

  /** Call it at the top of a spec file. */
  static async start(): Promise<S3Server> {
    const server = new S3Server(await freePort());
    afterAll(() => server.dispose());
    await server.start();
    return server;
  }

  /** What a server is told in its environment to keep its files here. */
  get environment(): Record<string, string> {
    const { endpoint, bucket, prefix } = this.settings as Required<S3Settings>;
    return {
      ARTIFACT_STORE: 's3',
      S3_ENDPOINT: endpoint,
      S3_BUCKET: bucket,
      S3_PREFIX: prefix,
      S3_ACCESS_KEY_ID: KEY,
      S3_SECRET_ACCESS_KEY: KEY,
    };
  }

  /** Starts it again, with what it held, where it was. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ['-e', program(this.folder, this.port)], {
      cwd: resolve(import.meta.dirname, '../..'),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.child = child;
    for (const deadline = Date.now() + START_TIMEOUT_MS; ; await sleep(20)) {
      if (child.exitCode !== null) throw new Error(`s3rver ended with ${child.exitCode}`);
      if (await fetch(this.settings.endpoint!).then(Boolean, () => false)) return;
      if (Date.now() > deadline) throw new Error('s3rver did not answer');
    }
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  }

  /** Bytes of the object of this name, if there is one. Of an upload that was cut off s3rver keeps what came; other stores do not. */
  async sizeOf(name: string): Promise<number | undefined> {
    try {
      const head = new HeadObjectCommand({ Bucket: BUCKET, Key: this.settings.prefix + name });
      return (await this.client.send(head)).ContentLength;
    } catch (error) {
      if ((error as Error).name === 'NotFound') return undefined;
      throw error;
    }
  }

  async put(name: string, content: Buffer): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: this.settings.prefix + name, Body: content }));
  }

  async delete(name: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: this.settings.prefix + name }));
  }

  private async dispose(): Promise<void> {
    this.client.destroy();
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
