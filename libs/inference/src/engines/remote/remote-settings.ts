/** Which servers the `remote` engine may call: configuration, never a model's file, says so. */

export interface RemoteServerSettings {
  /** Base URL without a slash at its end; what is called lies below it. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token?: string;
}

export interface RemoteSettings {
  readonly servers: readonly RemoteServerSettings[];
  /** For a call and its whole answer. */
  readonly timeoutMs: number;
}

export const NO_REMOTE_SERVERS: RemoteSettings = { servers: [], timeoutMs: 10_000 };
