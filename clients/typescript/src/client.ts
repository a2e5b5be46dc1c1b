/** The client: every route of the API by its path, and what takes more than one request or more than JSON as methods. */
import createFetchClient, { type Client } from 'openapi-fetch';
import { readEvents } from './events.js';
import { problemIn, problemOf } from './problem.js';
import { pause, retrying, type RetryOptions } from './retry.js';
import type { components, paths } from './schema.js';
import { givenCredentials, Session, type Credentials, type Send } from './session.js';

const REOPEN_AFTER_MS = 500;

type Schemas = components['schemas'];
export type PredictionRequest = Schemas['PredictionRequestDto'];
export type Prediction = Schemas['PredictionDto'];
export type Batch = Schemas['BatchDto'];

export interface LatidoOptions {
  /** Where Latido is, without `/v1`: `https://latido.example`. */
  readonly baseUrl: string;
  /** An access token or API key. Without it and `getToken`, `signIn` makes one. */
  readonly token?: string;
  /** Finds the token for each request. Called again with the one that the server did not take: hand out another, and it is tried once. */
  readonly getToken?: (rejected?: string) => string | undefined | Promise<string | undefined>;
  /**
   * For browsers: the refresh token of `signIn` is kept as an HttpOnly cookie, out of reach of scripts. A page that is loaded anew goes on with
   * it: before its first request it is asked once for a token.
   */
  readonly refreshTokenInCookie?: boolean;
  /** Whether refusals for a limit or for an unavailable server are waited out. Left out: they are thrown. */
  readonly retry?: RetryOptions;
  /** Instead of the global one. */
  readonly fetch?: Send;
}

export interface PredictOptions {
  /** Makes retries safe for a day; left out, one is made for this call. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface FileOptions {
  /** The version to ask; left out, the active one. */
  readonly version?: string;
  readonly signal?: AbortSignal;
}

/** Answers that are refusals are thrown as {@link LatidoProblem}. */
export interface LatidoClient extends Client<paths> {
  /**
   * @throws LatidoProblem `invalid_grant` when name or password are not right
   * @throws DOMException `AbortError` when another `signIn` or a `signOut` came before the answer
   */
  signIn(username: string, password: string): Promise<Schemas['TokenDto']>;
  /** Ends the session that `signIn` began. */
  signOut(): Promise<void>;
  /** Predicts for one row (`input`) or several (`inputs`); may be retried without predicting twice. */
  predict(model: string, request: PredictionRequest, options?: PredictOptions): Promise<Prediction>;
  /** Sends a CSV file; the answer's body is the scored file, row by row as it is computed. */
  scoreFile(model: string, file: string | Blob, options?: FileOptions): Promise<Response>;
  /** Sends a CSV file to be scored in the background. */
  createBatch(
    model: string,
    file: string | Blob,
    options?: FileOptions & { readonly onError?: 'continue' | 'abort' },
  ): Promise<Batch>;
  /** How far a batch is, at most twice a second, and at last how it ended. */
  watchBatch(id: string, options?: { readonly signal?: AbortSignal }): AsyncGenerator<Batch, void, undefined>;
}

/** A random key of 128 bits; unlike `crypto.randomUUID` this is there on pages without TLS too. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Adds the token; when the server does not take it, tries once with another. */
function authorized(send: Send, credentials: Credentials): Send {
  const withToken = (request: Request, token: string | undefined): Request => {
    if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
    return request;
  };
  return async (request) => {
    const { token, another } = await credentials.give();
    const response = await send(withToken(request.clone(), token));
    if (response.status !== 401 || token === undefined) return response;
    const other = await another();
    if (other === undefined || other === token) return response;
    await response.body?.cancel();
    return send(withToken(request, other));
  };
}

/** What was answered, of a call that throws where it is refused: `const me = await dataOf(latido.GET('/v1/me'))`. */
export async function dataOf<T>(answer: Promise<{ readonly data?: T }>): Promise<T> {
  return (await answer).data as T;
}

export function createLatidoClient(options: LatidoOptions): LatidoClient {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const transport: Send = options.fetch ?? ((request) => globalThis.fetch(request));
  const patient = options.retry ? retrying(transport, options.retry) : transport;
  const session = new Session(baseUrl, patient, options.refreshTokenInCookie ?? false);
  const given = options.token !== undefined || options.getToken !== undefined;
  const credentials = given ? givenCredentials(options.token, options.getToken) : session;
  const authorizedSend = authorized(patient, credentials);
  const send: Send = async (request) => {
    const response = await authorizedSend(request);
    if (!response.ok && response.status !== 304) throw await problemOf(response);
    return response;
  };
  // No route answers elsewhere: whoever does would be sent passwords, tokens and patients' data.
  const client = createFetchClient<paths>({ baseUrl, fetch: send, redirect: 'error' });

  function sendFile(
    path: string,
    file: string | Blob,
    query: Record<string, string | undefined>,
    signal?: AbortSignal,
  ) {
    const url = new URL(`${baseUrl}${path}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    const headers = { 'content-type': 'text/csv' };
    return send(new Request(url, { method: 'POST', headers, body: file, redirect: 'error', signal }));
  }

  return {
    ...client,
    signIn: (username, password) => {
      if (given) throw new TypeError('This client was made with a token or getToken, and does not sign in.');
      return session.signIn(username, password);
    },
    signOut: () => session.signOut(),

    predict: (model, request, { idempotencyKey = randomKey(), signal } = {}) =>
      dataOf(
        client.POST('/v1/models/{model}/predictions', {
          params: { path: { model }, header: { 'Idempotency-Key': idempotencyKey } },
          body: request,
          signal,
        }),
      ),

    scoreFile: (model, file, { version, signal } = {}) =>
      sendFile(`/v1/models/${encodeURIComponent(model)}/predictions`, file, { version }, signal),

    async createBatch(model, file, { version, onError, signal } = {}) {
      const path = `/v1/models/${encodeURIComponent(model)}/batches`;
      return (await (await sendFile(path, file, { version, onError }, signal)).json()) as Batch;
    },

    async *watchBatch(id, { signal } = {}) {
      // A stream that ends early, as behind a proxy or when a server restarts, is opened again: it begins with how far the batch is.
      for (;;) {
        const { data: stream } = await client.GET('/v1/batches/{id}/events', {
          params: { path: { id } },
          headers: { accept: 'text/event-stream' },
          parseAs: 'stream',
          signal,
        });
        for await (const { event, data } of readEvents(stream as ReadableStream<Uint8Array>)) {
          if (event === 'failed') throw problemIn(data);
          yield JSON.parse(data) as Batch;
          if (event === 'ended') return;
        }
        await pause(REOPEN_AFTER_MS, signal ?? new AbortController().signal);
      }
    },
  };
}
