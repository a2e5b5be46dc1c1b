/**
 * Models that live on other servers, in Triton, KServe, MLServer or another Latido, asked by the Open Inference Protocol: computed
 * there, and limited, recorded and audited here. Only servers that the configuration lists are called.
 */
import { DomainError } from '#platform';
import { inferenceErrors } from '../../inference.errors.js';
import type { EngineIdentity, InferenceEngine, LoadedModel } from '../inference-engine.js';
import type { ModelArtifact } from '../model-artifact.js';
import {
  readRemoteArtifact,
  readRemoteTensors,
  unreadable,
  type RemoteArtifact,
  type RemoteTensor,
} from './remote-artifact.js';
import { modelPath, RemoteModel } from './remote-model.js';
import { RemoteFault, RemoteServer } from './remote-server.js';
import { NO_REMOTE_SERVERS, type RemoteSettings } from './remote-settings.js';

/** The extension by its name in a server's metadata. */
const BINARY_TENSORS = 'binary_tensor_data';
/** Of names and versions that a server gives itself. */
const LONGEST_NAME = 100;
const MOST_VERSIONS = 10;

interface Described {
  readonly server: RemoteServer;
  readonly artifact: RemoteArtifact;
  readonly engine: EngineIdentity;
  readonly binary: boolean;
  /** The model's own metadata. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export class RemoteEngine implements InferenceEngine {
  readonly name = 'remote';
  private readonly servers: readonly RemoteServer[];

  constructor({ servers, timeoutMs }: RemoteSettings = NO_REMOTE_SERVERS) {
    this.servers = servers.map((settings) => new RemoteServer(settings, timeoutMs));
  }

  supports({ format }: Pick<ModelArtifact, 'format'>): boolean {
    return format === 'remote';
  }

  /** That of the server which the artifact names, as it is now. */
  async identity(artifact?: ModelArtifact): Promise<EngineIdentity> {
    if (!artifact) throw unavailable('Which server computes a remote model, its file says');
    return (await this.describe(artifact)).engine;
  }

  async load(artifact: ModelArtifact): Promise<LoadedModel> {
    if (!this.supports(artifact)) throw unreadable('has another format');
    const { server, metadata, ...described } = await this.describe(artifact);
    const inputs = requireRows(described.artifact.inputs ?? listedIn(metadata, 'inputs'), 'inputs');
    const outputs = requireRows(described.artifact.outputs ?? listedIn(metadata, 'outputs'), 'outputs');
    return new RemoteModel(server, { ...described, inputs, outputs });
  }

  /** @throws ENGINE_UNAVAILABLE, MODEL_UNREADABLE */
  private async describe(file: ModelArtifact): Promise<Described> {
    const artifact = readRemoteArtifact(await file.bytes());
    const server = this.serverOf(artifact);
    try {
      const [about, metadata] = await Promise.all([server.getJson('/v2'), server.getJson(modelPath(artifact))]);
      const { extensions } = about;
      return {
        server,
        artifact,
        metadata,
        binary: Array.isArray(extensions) && extensions.includes(BINARY_TENSORS),
        engine: {
          name: this.name,
          version: versionOf(about, metadata, artifact),
          processor: new URL(artifact.url).host,
        },
      };
    } catch (error) {
      if (!(error instanceof RemoteFault)) throw error;
      throw unavailable(`The remote server ${new URL(artifact.url).host} ${error.message}`, error);
    }
  }

  /** The one that the configuration lists: a model's file opens no connection by itself. */
  private serverOf({ url }: RemoteArtifact): RemoteServer {
    const server = this.servers.find(({ settings }) => settings.url === url);
    if (server) return server;
    throw unavailable(`REMOTE_ENGINE_HOSTS does not list ${url}, where the model is said to be`);
  }
}

/** Names the server, the model and its version; of one that is not named, those that there are. */
function versionOf(
  { name, version }: Readonly<Record<string, unknown>>,
  { versions }: Readonly<Record<string, unknown>>,
  { model, version: named }: RemoteArtifact,
): string {
  const listed = Array.isArray(versions) ? versions.slice(0, MOST_VERSIONS).map(nameOf).join(' ') : '';
  return `${nameOf(name)} ${nameOf(version)}, ${model} ${named ?? listed}`.trim();
}

function nameOf(name: unknown): string {
  const shown = typeof name === 'string' ? name.replace(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_NAME) : '';
  return shown || 'unnamed';
}

function listedIn(metadata: Readonly<Record<string, unknown>>, field: 'inputs' | 'outputs'): RemoteTensor[] {
  const listed = metadata[field];
  if (Array.isArray(listed) && listed.length > 0) return readRemoteTensors(listed, field);
  throw unreadable(`must list ${field}: the server's metadata does not`);
}

/** @throws MODEL_DOES_NOT_FIT */
function requireRows(tensors: readonly RemoteTensor[], field: string): readonly RemoteTensor[] {
  const fit = tensors.length > 0 && tensors.every(({ shape }) => shape[0] === -1);
  if (fit) return tensors;
  throw new DomainError(
    inferenceErrors.MODEL_DOES_NOT_FIT,
    `The ${field} of a remote model must be of numbers, with the rows (-1) as the first size of each shape.`,
  );
}

function unavailable(message: string, cause?: unknown): DomainError {
  return new DomainError(inferenceErrors.ENGINE_UNAVAILABLE, `${message}.`, { cause });
}
