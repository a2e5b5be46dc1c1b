import {
  administrator,
  get,
  givePlan,
  ofLength,
  ofType,
  post,
  present,
  randomDigits,
  random,
  topic,
} from '../describe.mjs';

const API = '/legacy/cardiac';
/** The sample patient of the older service's report, at risk. */
const PATIENT = { presionArterial: 1.8, colesterol: 2.4, azucar: 1.4, edad: 72, sobrepeso: false, tabaquismo: false };
const HEALTHY = { presionArterial: 1.1, colesterol: 1.5, azucar: 0.8, edad: 25, sobrepeso: '0', tabaquismo: 'False' };
/** As the assignment words it. */
const SERVICE_PATIENT = {
  nivel_colesterol: 2.4,
  presion_arterial: 1.8,
  azucar: 1.4,
  edad: 72,
  sobrepeso: 0,
  tabaquismo: 0,
};
const said = (status, msg) => ({ status, body: { msg } });

export default topic(
  'legacy-cardiac',
  'Older service "cardiac": accounts of two plans, predictions in Spanish, and /service with an API key',
  'The routes of a Flask service on port 5000, under /legacy/cardiac. Its accounts and limits are those of /v1.',
  [
    post('Register, with a password as old clients have', `${API}/register`, {
      make: { ceciName: random('ceci-'), ceciPassword: randomDigits(), ceciEmail: random('ceci-', '@example.org') },
      json: { username: '{{ceciName}}', password: '{{ceciPassword}}', email: '{{ceciEmail}}' },
      expect: { status: 201, body: { username: '{{ceciName}}', email: '{{ceciEmail}}', id: ofType('string') } },
      keep: { ceciId: 'id' },
    }),
    post('A name that is taken', `${API}/register`, {
      json: { username: '{{ceciName}}', password: '{{ceciPassword}}', email: '{{ceciEmail}}' },
      expect: { status: 400, body: { code: 400, status: 'Bad Request', message: ofType('string') } },
    }),
    post('Register without a password', `${API}/register`, {
      json: { username: 'nobody', email: 'nobody@example.org' },
      expect: {
        status: 422,
        body: {
          code: 422,
          status: 'Unprocessable Entity',
          'errors.json.password[0]': 'Missing data for required field.',
        },
      },
    }),
    post('Sign in', `${API}/login`, {
      json: { username: '{{ceciName}}', password: '{{ceciPassword}}' },
      expect: { status: 200, body: { access_token: ofType('string'), refresh_token: ofType('string') } },
      keep: { ceciToken: 'access_token', ceciRefreshToken: 'refresh_token' },
    }),
    post('Sign in with a wrong password', `${API}/login`, {
      json: { username: '{{ceciName}}', password: 'not the password' },
      expect: { status: 401, body: { code: 401, status: 'Unauthorized' } },
    }),
    post('Predict', `${API}/freemium/predict`, {
      as: 'ceci',
      json: { nombre: 'Juana', ...PATIENT },
      expect: { status: 200, body: { id: '1', nombre: 'Juana', edad: 72, sobrepeso: false, riesgoCardiaco: true } },
    }),
    post('Predict, without a name and with booleans as texts', `${API}/freemium/predict`, {
      as: 'ceci',
      json: { ...HEALTHY, sobrepeso: 'False' },
      expect: { status: 200, body: { id: '2', riesgoCardiaco: false } },
    }),
    get('One’s own predictions', `${API}/freemium/predict`, {
      as: 'ceci',
      expect: { status: 200, body: { '': ofLength(2), '[0].id': '1', '[1].riesgoCardiaco': false } },
    }),
    get('One of them', `${API}/freemium/predictById/1`, {
      as: 'ceci',
      expect: { status: 200, body: { id: '1', nombre: 'Juana', riesgoCardiaco: true } },
    }),
    get('One there is not', `${API}/freemium/predictById/99`, {
      as: 'ceci',
      expect: { status: 404, body: { code: 404, status: 'Not Found' } },
    }),
    post('A value out of range, and one that is missing', `${API}/freemium/predict`, {
      as: 'ceci',
      json: { ...PATIENT, edad: 300, azucar: undefined },
      expect: {
        status: 422,
        body: { code: 422, 'errors.json.edad': ofLength(1), 'errors.json.azucar[0]': ofType('string') },
      },
    }),
    post('Nobody', `${API}/freemium/predict`, { json: PATIENT, expect: said(401, 'Missing Authorization Header') }),
    post('The other plan’s route', `${API}/premium/predict`, {
      as: 'ceci',
      json: PATIENT,
      expect: { status: 403, body: { code: 403, message: 'No tienes permisos para acceder a esta ruta' } },
    }),
    get('The other plan’s list', `${API}/premium/predict`, {
      as: 'ceci',
      expect: { status: 403, body: { code: 403 } },
    }),
    get('The other plan’s prediction', `${API}/premium/predictById/1`, {
      as: 'ceci',
      expect: { status: 403, body: { code: 403 } },
    }),
    post('Refresh, with the refresh token as bearer', `${API}/refresh`, {
      as: 'ceciRefresh',
      expect: { status: 200, body: { access_token: ofType('string') } },
      keep: { staleToken: 'access_token' },
    }),
    post('A refreshed token is not fresh: it does not predict', `${API}/freemium/predict`, {
      as: 'stale',
      json: PATIENT,
      expect: said(401, 'Fresh token required'),
    }),
    post('Switch to PREMIUM', `${API}/SwitchToPremium`, {
      json: { username: '{{ceciName}}', password: '{{ceciPassword}}' },
      expect: { status: 200, body: { message: present } },
    }),
    post('PREMIUM: predict', `${API}/premium/predict`, {
      as: 'ceci',
      json: PATIENT,
      expect: { status: 200, body: { id: '3', riesgoCardiaco: true } },
    }),
    get('PREMIUM: one of them', `${API}/premium/predictById/3`, {
      as: 'ceci',
      expect: { status: 200, body: { id: '3' } },
    }),
    post('An API key for /service', '/v1/me/api-keys', {
      as: 'ceci',
      json: { name: 'service' },
      expect: { status: 201 },
      keep: { serviceKey: 'key' },
    }),
    post('The service of the assignment', `${API}/service`, {
      headers: { Authorization: '{{serviceKey}}' },
      json: SERVICE_PATIENT,
      expect: { status: 200, body: { riesgo_cardiaco: true } },
    }),
    get('The same by GET, with a body', `${API}/service`, {
      headers: { Authorization: '{{serviceKey}}' },
      json: SERVICE_PATIENT,
      expect: { status: 200, body: { riesgo_cardiaco: true } },
    }),
    post('The service without a key', `${API}/service`, { json: SERVICE_PATIENT, expect: { status: 401 } }),
    post('Switch to FREEMIUM', `${API}/SwitchToFreemium`, {
      json: { username: '{{ceciName}}', password: '{{ceciPassword}}' },
      expect: { status: 200, body: { message: present } },
    }),
    post('Register somebody whose minute is empty', `${API}/register`, {
      make: { hugoName: random('hugo-'), hugoPassword: randomDigits(), hugoEmail: random('hugo-', '@example.org') },
      json: { username: '{{hugoName}}', password: '{{hugoPassword}}', email: '{{hugoEmail}}' },
      expect: { status: 201 },
      keep: { hugoId: 'id' },
    }),
    post('Sign in as Hugo', `${API}/login`, {
      json: { username: '{{hugoName}}', password: '{{hugoPassword}}' },
      expect: { status: 200 },
      keep: { hugoToken: 'access_token' },
    }),
    post('FREEMIUM: within the plan', `${API}/freemium/predict`, {
      as: 'hugo',
      json: PATIENT,
      times: 5,
      expect: { status: 200 },
    }),
    post('FREEMIUM: the sixth is refused', `${API}/freemium/predict`, {
      as: 'hugo',
      json: PATIENT,
      expect: { status: 429, headers: { 'Retry-After': /^\d+$/ }, body: { code: 429, status: 'Too Many Requests' } },
    }),
    administrator(),
    givePlan('hugo', 'PREMIUM'),
    post('PREMIUM: the rest of the fifty', `${API}/premium/predict`, {
      as: 'hugo',
      json: PATIENT,
      times: 45,
      expect: { status: 200 },
    }),
    post('PREMIUM: the fifty-first is refused', `${API}/premium/predict`, {
      as: 'hugo',
      json: PATIENT,
      expect: { status: 429, body: { code: 429, status: 'Too Many Requests' } },
    }),
  ],
  { LEGACY_APIS: 'cardiac', LEGACY_WEAK_PASSWORDS: 'true', LEGACY_SELF_SERVICE_PLAN: 'true' },
);
