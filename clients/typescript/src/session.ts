/** Who asks: an access token with its refresh token, a token that does not change, or whatever the application hands out. */
import { problemOf } from './problem.js';
import type { components } from './schema.js';

type Token = components['schemas']['TokenDto'];

/** Sends one request as it is. */
export type Send = (request: Request) => Promise<Response>;

/** With what one request is sent. */
export interface Given {
  readonly token: string | undefined;
  /** Another token of the same account, when the server did not take this one; undefined to give up. */
  another(): Promise<string | undefined>;
}

export interface Credentials {
  give(): Promise<Given>;
}

/** A token or API key, or a function that finds one. */
export function givenCredentials(
  token: string | undefined,
  getToken: ((rejected?: string) => string | undefined | Promise<string | undefined>) | undefined,
): Credentials {
  return {
    async give() {
      const found = getToken ? await getToken() : token;
      return { token: found, another: async () => (getToken && found !== undefined ? getToken(found) : undefined) };
    },
  };
}

/** What belongs to one sign-in. What arrives late for one that is over is kept here, where nobody looks any more. */
class Generation {
  /** Ends what is still being asked for it. */
  readonly over = new AbortController();
  refreshing: Promise<void> | undefined;

  constructor(
    /** Whether there may be a refresh token: this one, or the browser's cookie. */
    public renewable: boolean,
    public access?: string,
    public refresh?: string,
  ) {}
}

/** Signs in with a password, and refreshes once for all requests that were refused at the same time. */
export class Session implements Credentials {
  private current: Generation;
  private signingIn: AbortController | undefined;

  /** @param inCookie the refresh token is the browser's, as an HttpOnly cookie that no script reads */
  constructor(
    private readonly baseUrl: string,
    private readonly send: Send,
    private readonly inCookie: boolean,
  ) {
    this.current = new Generation(inCookie);
  }

  /**
   * @throws {@link LatidoProblem} `invalid_grant` when name or password are not right
   * @throws DOMException `AbortError` when another `signIn` or a `signOut` came before the answer
   */
  async signIn(username: string, password: string): Promise<Token> {
    this.signingIn?.abort();
    const { signal } = (this.signingIn = new AbortController());
    const token = await tokenOf(await this.ask('token', { grant_type: 'password', username, password }, signal));
    signal.throwIfAborted();
    this.replace(
      new Generation(this.inCookie || token.refresh_token !== undefined, token.access_token, token.refresh_token),
    );
    return token;
  }

  /** Ends the session here and on the server. */
  async signOut(): Promise<void> {
    this.signingIn?.abort();
    const { refresh } = this.current;
    this.replace(new Generation(false));
    if (refresh === undefined && !this.inCookie) return;
    const response = await this.ask('revoke', refresh === undefined ? {} : { token: refresh });
    // 400: the browser had no cookie, so there was nothing to end.
    if (!response.ok && response.status !== 400) throw await problemOf(response);
    await response.body?.cancel();
  }

  async give(): Promise<Given> {
    let generation = this.current;
    // A page that was loaded anew has the cookie and no token.
    if (generation.access === undefined && generation.renewable) await this.renew(generation);
    generation = this.current;
    const token = generation.access;
    return { token, another: () => this.anotherOf(generation, token) };
  }

  /** What was asked for one account is not sent again for the next. */
  private async anotherOf(generation: Generation, rejected: string | undefined): Promise<string | undefined> {
    // Who was refused with an older token than the one there is now need not refresh again.
    if (generation === this.current && generation.access === rejected && generation.renewable)
      await this.renew(generation);
    return generation === this.current && generation.access !== rejected ? generation.access : undefined;
  }

  /** Once for all who want it. A session that has ended leaves the token as it is: the request is answered 401, as it was. */
  private async renew(generation: Generation): Promise<void> {
    generation.refreshing ??= this.refreshed(generation).finally(() => (generation.refreshing = undefined));
    try {
      await generation.refreshing;
    } catch (error) {
      if (!generation.over.signal.aborted) throw error;
    }
  }

  private async refreshed(generation: Generation): Promise<void> {
    const { refresh, over } = generation;
    const body = { grant_type: 'refresh_token', ...(refresh === undefined ? {} : { refresh_token: refresh }) };
    const response = await this.ask('token', body, over.signal);
    if (response.status === 400) {
      await response.body?.cancel();
      generation.renewable = false;
      generation.refresh = undefined;
      return;
    }
    const token = await tokenOf(response);
    generation.access = token.access_token;
    generation.refresh = token.refresh_token;
  }

  private replace(next: Generation): void {
    // Its refresh, if one is under way, would bring the old account's cookie.
    this.current.over.abort();
    this.current = next;
  }

  private ask(endpoint: 'token' | 'revoke', body: Record<string, string>, signal?: AbortSignal): Promise<Response> {
    return this.send(
      new Request(`${this.baseUrl}/v1/auth/${endpoint}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(this.inCookie ? { 'x-token-delivery': 'cookie' } : {}) },
        body: JSON.stringify(body),
        // Passwords and refresh tokens go nowhere else.
        redirect: 'error',
        ...(signal ? { signal } : {}),
        ...(this.inCookie ? { credentials: 'include' as const } : {}),
      }),
    );
  }
}

async function tokenOf(response: Response): Promise<Token> {
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Token;
}
