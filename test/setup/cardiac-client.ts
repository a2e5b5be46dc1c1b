/** A client of the older service for cardiac risk, for medium tests: its calls as it makes them, below the adapter's prefix. */
import type { InjectOptions } from 'fastify';
import { PASSWORD, type AccountsServer, type Answer } from './accounts-server.js';

export const CARDIAC = '/legacy/cardiac';

/** The sample patient of the older service's report, who is at risk. */
export const AT_RISK = {
  presionArterial: 1.4,
  colesterol: 2.4,
  azucar: 1.8,
  edad: 72,
  sobrepeso: 0,
  tabaquismo: 0,
};

export const NOT_AT_RISK = { ...AT_RISK, presionArterial: 0.9, colesterol: 1.2, azucar: 0.7, edad: 20 };

/** The sample patient in the words of the assignment. */
export const SERVICE_PATIENT = {
  nivel_colesterol: 2.4,
  presion_arterial: 1.4,
  azucar: 1.8,
  edad: 72,
  sobrepeso: 0,
  tabaquismo: 0,
};

let people = 0;

export class CardiacClient {
  private constructor(
    private readonly server: AccountsServer,
    readonly username: string,
    readonly userId: string,
    readonly accessToken: string,
    readonly refreshToken: string,
  ) {}

  /** A new user, registered and signed in, from an address of the user's own. */
  static async registered(server: AccountsServer, username = `persona-${(people += 1)}`): Promise<CardiacClient> {
    const remoteAddress = `10.0.${people >> 8}.${people & 255}`;
    const call = (path: string, payload: object): Promise<Answer> =>
      server.request({ method: 'POST', url: `${CARDIAC}${path}`, payload, remoteAddress });
    const account = await call('/register', { username, password: PASSWORD, email: `${username}@hospital.example` });
    const { status, body } = await call('/login', { username, password: PASSWORD });
    if (account.status !== 201 || status !== 200) throw new Error(`answered ${account.status} and ${status}`);
    return new CardiacClient(server, username, account.body.id, body.access_token, body.refresh_token);
  }

  call(
    method: 'GET' | 'POST',
    path: string,
    payload?: InjectOptions['payload'],
    token = this.accessToken,
  ): Promise<Answer> {
    return this.server.request({ method, url: `${CARDIAC}${path}`, payload, token });
  }

  predict(patient: object = AT_RISK, tier = 'freemium'): Promise<Answer> {
    return this.call('POST', `/${tier}/predict`, patient);
  }

  list(tier = 'freemium'): Promise<Answer> {
    return this.call('GET', `/${tier}/predict`);
  }

  /** An API key of the user's. */
  async apiKey(): Promise<string> {
    const { body } = await this.server.post('/v1/me/api-keys', { name: 'for the older client' }, this.accessToken);
    return body.key as string;
  }
}
