import { get, newcomer, ofLength, ofType, oneWith, post, premiumNewcomer, topic } from '../describe.mjs';
import { PATIENT } from './patients.mjs';

const MODEL = '/v2/models/cardiac-risk';
/** One tensor of one row for each input. */
const INPUTS = Object.entries(PATIENT).map(([name, value]) => ({ name, shape: [1], datatype: 'FP64', data: [value] }));
const INFERRED = {
  status: 200,
  headers: { 'X-Model-Notice': /not for clinical use/ },
  body: {
    model_name: 'cardiac-risk',
    model_version: '1.0.0',
    id: 'request-1',
    'parameters.prediction_id': ofType('string'),
    'outputs[0].name': 'probabilities',
    'outputs[0].data': ofLength(2),
    'outputs[1].data[0]': 'risk',
  },
};
const refused = (status, error) => ({ status, body: { error } });

export default topic(
  'open-inference-protocol',
  'The Open Inference Protocol, for clients of Triton, KServe and MLServer',
  'Recorded and counted as any other prediction. Refusals are {"error": "…"}.',
  [
    premiumNewcomer('kai'),
    get('The server', '/v2', {
      as: 'kai',
      expect: { status: 200, body: { name: 'latido', 'extensions[0]': 'binary_tensor_data' } },
    }),
    get('The server, for nobody', '/v2', { expect: refused(401, ofType('string')) }),
    get('It answers', '/v2/health/live', { expect: { status: 200, body: { live: true } } }),
    get('It is ready', '/v2/health/ready', { expect: { status: 200, body: { ready: true } } }),
    get('A model’s tensors', MODEL, {
      as: 'kai',
      expect: { status: 200, body: { platform: 'latido_keras', inputs: ofLength(6), 'outputs[0].labels[1]': 'risk' } },
    }),
    get('A version’s tensors', `${MODEL}/versions/1.0.0`, {
      as: 'kai',
      expect: { status: 200, body: { name: 'cardiac-risk' } },
    }),
    post('Infer', `${MODEL}/infer`, { as: 'kai', json: { id: 'request-1', inputs: INPUTS }, expect: INFERRED }),
    post('Infer by a version', `${MODEL}/versions/1.0.0/infer`, {
      as: 'kai',
      json: { id: 'request-1', inputs: INPUTS },
      expect: INFERRED,
    }),
    post('A tensor whose shape is not that of its data', `${MODEL}/infer`, {
      as: 'kai',
      json: { inputs: [{ ...INPUTS[0], shape: [2] }] },
      expect: refused(400, /inputs\[0\]/),
    }),
    post('Tensors that are missing', `${MODEL}/infer`, {
      as: 'kai',
      json: { inputs: INPUTS.slice(0, 5) },
      expect: refused(422, /smoker is missing/),
    }),
    post('A model there is not', '/v2/models/nothing/infer', {
      as: 'kai',
      json: { inputs: INPUTS },
      expect: refused(404, /nothing/),
    }),
    get('The model is in memory', `${MODEL}/ready`, { as: 'kai', expect: { status: 200, body: { ready: true } } }),
    get('The version is in memory', `${MODEL}/versions/1.0.0/ready`, {
      as: 'kai',
      expect: { status: 200, body: { ready: true } },
    }),
    get('What it has computed', `${MODEL}/stats`, {
      as: 'kai',
      expect: { status: 200, body: { model_stats: oneWith({ name: 'cardiac-risk', version: '1.0.0' }) } },
    }),
    get('What the version has computed', `${MODEL}/versions/1.0.0/stats`, {
      as: 'kai',
      expect: { status: 200, body: { model_stats: ofLength(1) } },
    }),
    get('What all have computed', '/v2/models/stats', {
      as: 'kai',
      expect: { status: 200, body: { model_stats: oneWith({ name: 'penguins' }) } },
    }),
    post('The repository', '/v2/repository/index', {
      as: 'kai',
      json: { ready: true },
      expect: { status: 200, body: { '': oneWith({ name: 'cardiac-risk', state: 'READY' }) } },
    }),
    post('Load a model: nothing for users', '/v2/repository/models/cardiac-risk/load', {
      as: 'kai',
      json: {},
      expect: refused(403, /admin/),
    }),
    post('Load a model', '/v2/repository/models/cardiac-risk/load', {
      as: 'admin',
      json: { parameters: { version: '1.0.0' } },
      expect: { status: 200 },
    }),
    post('Unload a model', '/v2/repository/models/vertebral-column/unload', { as: 'admin', expect: { status: 200 } }),
    get('A model that is not in memory', '/v2/models/vertebral-column/ready', {
      as: 'admin',
      expect: refused(503, /next inference loads it/),
    }),
    post('Load it again', '/v2/repository/models/vertebral-column/load', {
      as: 'admin',
      json: {},
      expect: { status: 200 },
    }),
    newcomer('zoe'),
    post('Counted as any prediction: within the plan', `${MODEL}/infer`, {
      as: 'zoe',
      json: { inputs: INPUTS },
      times: 5,
      expect: { status: 200, headers: { 'RateLimit-Policy': /^"freemium";q=5;w=60$/ } },
    }),
    post('Counted as any prediction: the sixth is refused', `${MODEL}/infer`, {
      as: 'zoe',
      json: { inputs: INPUTS },
      expect: { status: 429, headers: { 'Retry-After': /^\d+$/ }, body: { error: ofType('string') } },
    }),
  ],
);
