import { absent, get, ofLength, ofType, post, random, topic } from '../describe.mjs';

const API = '/legacy/shock';
/** What the older service's monitors call the nine signs, and what healthy ones read. */
const SIGNS = [
  [150488, 'MDC_BLD_PERF_INDEX', 1.4],
  [147842, 'MDC_ECG_HEART_RATE', 80],
  [148066, 'MDC_ECG_V_P_C_RATE', 0],
  [188740, 'MDC_LEN_BODY_ACTUAL', 170],
  [188736, 'MDC_MASS_BODY_ACTUAL', 75],
  [149530, 'MDC_PULS_OXIM_PULS_RATE', 80],
  [150456, 'MDC_PULS_OXIM_SAT_O2', 97],
  [150344, 'MDC_TEMP', 36.8],
  [151578, 'MDC_TTHOR_RESP_RATE', 16],
];
const SAMPLES = 20;

/** Column dictionaries, as pandas writes a table: two hours of steady signs. */
function table(samples = SAMPLES) {
  const rows = Array.from({ length: samples }, (_, sample) => SIGNS.map((sign) => [sample, ...sign])).flat();
  const column = (of) => Object.fromEntries(rows.map((row, index) => [index, of(row)]));
  const time = (minutes) =>
    `2026-01-31 ${String(10 + Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, '0')}:00`;
  return {
    idSigno: column(([, code]) => code),
    nomSigno: column(([, , name]) => name),
    valor: column(([, , , value]) => value),
    fecRegistro: column(([sample]) => time(sample * 5)),
  };
}
const TABLE = table();
const PATIENTS = Object.fromEntries(Object.keys(TABLE.valor).map((row) => [row, 7]));

export default topic(
  'legacy-shock',
  'Older service "shock": the haemodynamic state of a patient from column dictionaries',
  'The routes of a FastAPI service on port 8000, under /legacy/shock. The model is haemodynamic-shock.',
  [
    post('Register: the answer is null', `${API}/auth/create_user`, {
      make: { saraName: random('sara-'), saraPassword: random() },
      json: { username: '{{saraName}}', password: '{{saraPassword}}' },
      expect: { status: 201, text: /^null$/ },
    }),
    post('A name that is taken', `${API}/auth/create_user`, {
      json: { username: '{{saraName}}', password: '{{saraPassword}}' },
      expect: { status: 409, body: { detail: ofType('string') } },
    }),
    post('Register without a password', `${API}/auth/create_user`, {
      json: { username: 'nobody' },
      expect: {
        status: 422,
        body: {
          'detail[0].type': 'missing',
          'detail[0].loc[1]': 'password',
          'detail[0].msg': 'Field required',
          'detail[0].input': absent,
        },
      },
    }),
    post('Sign in by form', `${API}/auth/token`, {
      form: { username: '{{saraName}}', password: '{{saraPassword}}' },
      expect: { status: 200, body: { access_token: ofType('string'), token_type: 'bearer' } },
      keep: { saraToken: 'access_token' },
    }),
    post('Sign in by JSON', `${API}/auth/token`, {
      json: { username: '{{saraName}}', password: '{{saraPassword}}' },
      expect: { status: 200, body: { token_type: 'bearer' } },
    }),
    post('Sign in by JSON, at the other path', `${API}/auth`, {
      json: { username: '{{saraName}}', password: '{{saraPassword}}' },
      expect: { status: 200, body: { token_type: 'bearer' } },
    }),
    post('Sign in with a wrong password', `${API}/auth`, {
      json: { username: '{{saraName}}', password: 'not the password' },
      expect: { status: 401, body: { detail: 'Could not validate user.' } },
    }),
    get('Who calls', `${API}/`, { as: 'sara', expect: { status: 200, body: { User: ofType('object') } } }),
    get('Nobody calls', `${API}/`, { expect: { status: 401, body: { detail: 'Authentication Failed.' } } }),
    get('Whether it works', `${API}/home`, {
      expect: { status: 200, body: { health_check: 'OK', model_version: '1.0.0' } },
    }),
    get('The same, as status', `${API}/status`, {
      expect: { status: 200, body: { health_check: 'OK', model_version: '1.0.0' } },
    }),
    post('Predict for one patient', `${API}/predict`, {
      as: 'sara',
      json: { idAtencion: 7, ...TABLE },
      expect: {
        status: 200,
        body: {
          idAtencion: 7,
          State: 'Sano',
          'inferences.Sano': ofType('number'),
          'inferences.Shock_Cardiogenico': ofType('number'),
        },
      },
    }),
    post('Predict for several: a list', `${API}/predict`, {
      as: 'sara',
      json: { idAtencion: PATIENTS, ...TABLE },
      expect: { status: 200, body: { '': ofLength(1), '[0].idAtencion': 7, '[0].State': 'Sano' } },
    }),
    post('Predict without a token', `${API}/predict`, {
      json: { idAtencion: 7, ...table(1) },
      expect: { status: 401, body: { detail: 'Authentication Failed.' } },
    }),
    post('A table without a column', `${API}/predict`, {
      as: 'sara',
      json: { idAtencion: 7, ...table(1), valor: undefined },
      expect: { status: 422, body: { 'detail[0].type': 'missing', 'detail[0].loc[1]': 'valor' } },
    }),
    post('One sample is not enough', `${API}/predict`, {
      as: 'sara',
      json: { idAtencion: 7, ...table(1) },
      expect: { status: 422, body: { 'detail[0].msg': ofType('string') } },
    }),
    post('The fifth', `${API}/predict`, { as: 'sara', json: { idAtencion: 7, ...table(1) }, expect: { status: 422 } }),
    post('The sixth is refused', `${API}/predict`, {
      as: 'sara',
      json: { idAtencion: 7, ...table(1) },
      expect: { status: 429, headers: { 'Retry-After': /^\d+$/ }, body: { detail: ofType('string') } },
    }),
  ],
  { LEGACY_APIS: 'shock' },
);
