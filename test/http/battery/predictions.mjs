import { above, get, ofLength, ofType, post, premiumNewcomer, present, problem, topic } from '../describe.mjs';
import { PATIENT, PENGUIN, SHOCK_WINDOW, SPINE, STEADY_WINDOW, YOUNG_PATIENT } from './patients.mjs';

const CARDIAC = '/v1/models/cardiac-risk/predictions';
const SHOCK = '/v1/models/haemodynamic-shock/predictions';

export default topic(
  'predictions',
  'Predictions: each model that ships, one row and several, retries that are safe',
  'Every answer is recorded before it is given, and says where it can be read again.',
  [
    premiumNewcomer('pia'),
    get('What is served', '/v1/models', {
      as: 'pia',
      expect: {
        status: 200,
        body: { 'data[0].name': ofType('string'), 'data[0].activeVersion': present, nextCursor: null },
      },
    }),
    post('Cardiac risk: at risk', CARDIAC, {
      as: 'pia',
      json: { input: PATIENT, subject: 'P-1' },
      expect: {
        status: 201,
        headers: { Location: /^\/v1\/predictions\/[0-9a-f-]{36}$/, 'Server-Timing': /infer/, 'X-Request-Id': /./ },
        body: {
          model: 'cardiac-risk',
          subject: 'P-1',
          'results[0].label': 'risk',
          'results[0].probability': above(0.9),
          'results[0].probabilities["no-risk"]': ofType('number'),
          notice: 'Trained on synthetic data; not for clinical use',
        },
      },
    }),
    post('Cardiac risk: two patients, the second not at risk', CARDIAC, {
      as: 'pia',
      json: { inputs: [PATIENT, YOUNG_PATIENT], subjects: ['P-1', 'P-2'], version: '1.0.0' },
      expect: {
        status: 201,
        body: { results: ofLength(2), 'subjects[1]': 'P-2', 'results[0].label': 'risk', 'results[1].label': 'no-risk' },
      },
    }),
    post('Haemodynamic shock: two hours of steady signs', SHOCK, {
      as: 'pia',
      json: { input: STEADY_WINDOW },
      expect: { status: 201, body: { 'results[0].label': 'sano', 'results[0].probability': above(0.5) } },
    }),
    post('Haemodynamic shock: two hours of a patient in shock', SHOCK, {
      as: 'pia',
      json: { input: SHOCK_WINDOW },
      expect: { status: 201, body: { 'results[0].label': 'shock_cardiogenico', 'results[0].probability': above(0.5) } },
    }),
    post('Haemodynamic shock: ten minutes are not enough', SHOCK, {
      as: 'pia',
      json: { input: { observations: STEADY_WINDOW.observations.slice(0, 9) } },
      expect: problem(422, 'INVALID_REQUEST', { body: { 'errors[0].pointer': '/input/observations' } }),
    }),
    post('Penguins: a Gentoo', '/v1/models/penguins/predictions', {
      as: 'pia',
      json: { input: PENGUIN },
      expect: { status: 201, body: { 'results[0].label': 'Gentoo', 'results[0].probabilities.Gentoo': above(0.9) } },
    }),
    post('Penguins: an island there is not', '/v1/models/penguins/predictions', {
      as: 'pia',
      json: { input: { ...PENGUIN, island: 4 } },
      expect: problem(422, 'INVALID_REQUEST', { body: { errors: ofLength(1), 'errors[0].pointer': '/input/island' } }),
    }),
    post('Vertebral column: spondylolisthesis', '/v1/models/vertebral-column/predictions', {
      as: 'pia',
      json: { input: SPINE },
      expect: { status: 201, body: { 'results[0].label': 'SL', 'results[0].probability': above(0.5) } },
    }),
    post('A request that may be sent again', CARDIAC, {
      as: 'pia',
      headers: { 'Idempotency-Key': '{{piaId}}-1' },
      json: { input: PATIENT },
      expect: { status: 201 },
      keep: { firstPrediction: 'id' },
    }),
    post('The same once more: the first answer', CARDIAC, {
      as: 'pia',
      headers: { 'Idempotency-Key': '{{piaId}}-1' },
      json: { input: PATIENT },
      expect: { status: 201, headers: { 'Idempotency-Replayed': 'true' }, body: { id: '{{firstPrediction}}' } },
    }),
    post('Its key for another request', CARDIAC, {
      as: 'pia',
      headers: { 'Idempotency-Key': '{{piaId}}-1' },
      json: { input: YOUNG_PATIENT },
      expect: problem(422, 'IDEMPOTENCY_KEY_REUSED'),
    }),
  ],
);
