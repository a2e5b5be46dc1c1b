import { administrator, get, newcomer, ofLength, ofType, oneWith, post, present, topic } from '../describe.mjs';
import { SPINE } from './patients.mjs';

const API = '/legacy/lab';
const NAMES = Object.keys(SPINE);
const CSV = `${NAMES.join(',')}\n${Object.values(SPINE).join(',')}\n`;
const SAID = { status: 200, body: { prediction: 'SL', probability: ofType('number') } };

export default topic(
  'legacy-lab',
  'Older service "lab": models in a database, one of them active',
  'Under /legacy/lab. Calls without a token list and predict; activating needs an administrator.',
  [
    get('The versions there are', `${API}/models`, {
      expect: {
        status: 200,
        body: {
          '': oneWith({ name: 'vertebral-column', version: '1.0.0' }),
          '[0].date': ofType('string'),
          '[0].metrics.accuracy': ofType('number'),
        },
      },
    }),
    administrator(),
    post('Activate a version', `${API}/models/activate`, {
      as: 'admin',
      json: { name: 'vertebral-column', version: '1.0.0' },
      expect: { status: 200, body: { name: 'vertebral-column', version: '1.0.0' } },
    }),
    post('Activate a version there is not', `${API}/models/activate`, {
      as: 'admin',
      json: { name: 'vertebral-column', version: '9.9.9' },
      expect: { status: 404, body: { detail: ofType('string') } },
    }),
    newcomer('lea'),
    post('Activating is not for everybody', `${API}/models/activate`, {
      as: 'lea',
      json: { name: 'vertebral-column', version: '1.0.0' },
      expect: { status: 403 },
    }),
    post('Nor for nobody', `${API}/models/activate`, {
      json: { name: 'vertebral-column', version: '1.0.0' },
      expect: { status: 401 },
    }),
    post('Predict for one record', `${API}/predict`, { json: SPINE, expect: SAID }),
    post('Predict for a list', `${API}/predict`, {
      json: [SPINE, SPINE],
      expect: { status: 200, body: { '': ofLength(2), '[1].prediction': 'SL' } },
    }),
    post('A record without a value', `${API}/predict`, {
      json: { ...SPINE, pelvic_tilt: undefined },
      expect: { status: 422 },
    }),
    post('A file as a form sends it: predicciones.csv', `${API}/batch-predict`, {
      parts: { file: { file: 'test/http/files/vertebral-column.csv' } },
      expect: {
        status: 200,
        headers: { 'Content-Type': /^text\/csv/, 'Content-Disposition': /predicciones\.csv/ },
        text: [/,prediccion,probabilidad,/, /,SL,0\.\d+/],
      },
    }),
    post('A form without a file', `${API}/batch-predict`, {
      parts: { note: 'nothing' },
      expect: { status: 422, body: { detail: present } },
    }),
    post('A file as the body: predicciones.csv', `${API}/batch-predict`, {
      type: 'text/csv',
      text: CSV,
      expect: {
        status: 200,
        headers: { 'Content-Type': /^text\/csv/, 'Content-Disposition': /predicciones\.csv/ },
        text: [/,prediccion,probabilidad,/, /,SL,0\.\d+/],
      },
    }),
  ],
  {
    LEGACY_APIS: 'lab',
    LEGACY_LAB_MODELS: 'vertebral-column',
    LEGACY_ANONYMOUS_USER: 'older-clients',
    LEGACY_ANONYMOUS_MODELS: 'vertebral-column',
  },
);
