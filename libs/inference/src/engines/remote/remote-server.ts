/** A server that speaks the Open Inference Protocol: bounded calls over connections that are kept. */
import { HEADER_LENGTH, type WrittenMessage } from '../../open-inference/tensor-message.js';
import type { RemoteServerSettings } from './remote-settings.js';

/** Of an answer; the tensors of a thousand windows are less. */
const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;
/** Calls that wait for one server, at most: a server that hangs holds no more of this one. */
const MOST_IN_FLIGHT = 128;

/** The server did not answer as it should. The message says how, and nothing of what either side sent. */
export class RemoteFault extends Error {
  constructor(
    message: string,
    /** Of the answer, if there was one. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'RemoteFault';
  }
}

export interface RemoteAnswer {
  readonly bytes: Buffer;
  readonly headerLength: string | undefined;
}

export class RemoteServer {
  private inFlight = 0;

  constructor(
    readonly settings: RemoteServerSettings,
    private readonly timeoutMs: number,
  ) {}

  get isBusy(): boolean {
    return this.inFlight >= MOST_IN_FLIGHT;
  }

  /** @param path below the base URL @throws RemoteFault */
  async getJson(path: string): Promise<Readonly<Record<string, unknown>>> {
    const { bytes } = await this.call(path, { method: 'GET' });
    let parsed: unknown;
    try {
      parsed = JSON.parse(bytes.toString('utf8'));
    } catch {
      throw new RemoteFault('answered what is not JSON');
    }
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
    throw new RemoteFault('answered what is not a JSON object');
  }

  /** @throws RemoteFault */
  post(path: string, { bytes, headerLength }: WrittenMessage): Promise<RemoteAnswer> {
    const binary = headerLength !== undefined;
    return this.call(path, {
      method: 'POST',
      body: bytes,
      headers: {
        'content-type': binary ? 'application/octet-stream' : 'application/json',
        ...(binary ? { [HEADER_LENGTH]: String(headerLength) } : {}),
      },
    });
  }

  private async call(
    path: string,
    { headers, ...init }: RequestInit & { headers?: Record<string, string> },
  ): Promise<RemoteAnswer> {
    const { url, token } = this.settings;
    this.inFlight += 1;
    try {
      const response = await fetch(`${url}${path}`, {
        ...init,
        headers: {
          ...headers,
          accept: 'application/json, application/octet-stream',
          // What comes is counted as it comes.
          'accept-encoding': 'identity',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        // Elsewhere lies what the configuration does not allow.
        redirect: 'manual',
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      const bytes = await readBounded(response);
      if (response.status !== 200) throw new RemoteFault(`answered ${response.status}`, response.status);
      return { bytes, headerLength: response.headers.get(HEADER_LENGTH) ?? undefined };
    } catch (error) {
      throw error instanceof RemoteFault ? error : this.asFault(error as Error);
    } finally {
      this.inFlight -= 1;
    }
  }

  private asFault(error: Error): RemoteFault {
    if (error.name === 'TimeoutError')
      return new RemoteFault(`did not answer within ${this.timeoutMs / 1000} s`, undefined, { cause: error });
    const { code } = (error.cause ?? {}) as { code?: unknown };
    const why = typeof code === 'string' ? ` (${code})` : '';
    return new RemoteFault(`cannot be reached${why}`, undefined, { cause: error });
  }
}

/** Also of a refusal, so that its connection can be used again. @throws RemoteFault for more than is read */
async function readBounded({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    // Leaving the loop ends the connection.
    if (length > LARGEST_ANSWER_BYTES) throw new RemoteFault(`answered more than ${LARGEST_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
