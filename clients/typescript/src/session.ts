/** Who asks: an access token with its refresh token, a token that does not change, or whatever the application hands out. */
import { problemOf } from './problem.js';
import type { components } from './schema.js';

type Token = components['schemas']['TokenDto'];

/** Sends one request as it is. */
export type Send = (request: Request) => Promise<Response>;

export interface Credentials {
  /** The token for the next request. `rejected` is one that the server did not take: hand out another, or the same to give up. */
  token(rejected?: string): Promise<string | undefined>;
}

/** A token or API key, or a function that finds one. */
export function givenCredentials(
  token: string | undefined,
  getToken: ((rejected?: string) => string | undefined | Promise<string | undefined>) | undefined,
): Credentials {
  return { token: async (rejected) => (getToken ? getToken(rejected) : token) };
}

/** Signs in with a password, and refreshes once for all requests that were refused at the same time. */
export class Session implements Credentials {
  private access: string | undefined;
  private refresh: string | undefined;
  private refreshing: Promise<string | undefined> | undefined;

  /** @param inCookie the refresh token is the browser's, as an HttpOnly cookie that no script reads */
  constructor(
    private readonly baseUrl: string,
    private readonly send: Send,
    private readonly inCookie: boolean,
  ) {}

  /** @throws {@link LatidoProblem} `invalid_grant` when name or password are not right */
  async signIn(username: string, password: string): Promise<Token> {
    return this.take(await this.ask('token', { grant_type: 'password', username, password }));
  }

  /** Ends the session here and on the server. */
  async signOut(): Promise<void> {
    const { refresh } = this;
    this.access = this.refresh = undefined;
    if (refresh !== undefined || this.inCookie) {
      const response = await this.ask('revoke', refresh === undefined ? {} : { token: refresh });
      if (!response.ok) throw await problemOf(response);
    }
  }

  async token(rejected?: string): Promise<string | undefined> {
    // Who was refused with an older token than the one there is now need not refresh again.
    if (rejected === undefined || rejected !== this.access) return this.access;
    if (this.refresh === undefined && !this.inCookie) return this.access;
    this.refreshing ??= this.renew().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  /** A session that has ended leaves the token as it is: the request is answered 401, as it was. */
  private async renew(): Promise<string | undefined> {
    const refresh: Record<string, string> = this.refresh === undefined ? {} : { refresh_token: this.refresh };
    const response = await this.ask('token', { grant_type: 'refresh_token', ...refresh });
    if (response.status === 400) {
      await response.body?.cancel();
      this.refresh = undefined;
      return this.access;
    }
    return (await this.take(response)).access_token;
  }

  private async take(response: Response): Promise<Token> {
    if (!response.ok) throw await problemOf(response);
    const token = (await response.json()) as Token;
    this.access = token.access_token;
    this.refresh = token.refresh_token;
    return token;
  }

  private ask(endpoint: 'token' | 'revoke', body: Record<string, string>): Promise<Response> {
    return this.send(
      new Request(`${this.baseUrl}/v1/auth/${endpoint}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(this.inCookie ? { 'x-token-delivery': 'cookie' } : {}) },
        body: JSON.stringify(body),
        ...(this.inCookie ? { credentials: 'include' as const } : {}),
      }),
    );
  }
}
