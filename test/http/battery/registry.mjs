import {
  del,
  get,
  ofLength,
  ofType,
  oneWith,
  post,
  premiumNewcomer,
  present,
  problem,
  put,
  topic,
} from '../describe.mjs';
import { SPINE } from './patients.mjs';

const FILE = { file: 'models/vertebral-column/1.0.0/model.onnx' };
/** A model of this run's own, so that nothing that is served changes. */
const MODEL = '/v1/models/battery-{{reaId}}';
const SHIPPED = '/v1/models/cardiac-risk';

export default topic(
  'registry',
  'The registry: models, versions, publishing, activation, policies, traffic, rollback',
  'Publishes two versions of a model of its own, named after the account that the run makes, and leaves them behind, the active one in service.',
  [
    premiumNewcomer('rea'),
    get('One model', SHIPPED, {
      as: 'rea',
      expect: {
        status: 200,
        body: { name: 'cardiac-risk', task: 'binary-classification', inputs: ofLength(6), activeVersion: '1.0.0' },
      },
    }),
    get('A model there is not', '/v1/models/nothing', { as: 'rea', expect: problem(404, 'MODEL_NOT_FOUND') }),
    get('Its versions', `${SHIPPED}/versions`, {
      as: 'rea',
      expect: { status: 200, body: { data: oneWith({ version: '1.0.0' }) } },
    }),
    get('A version, with what was verified', `${SHIPPED}/versions/1.0.0`, {
      as: 'rea',
      expect: { status: 200, body: { 'artifact.sha256': /^[0-9a-f]{64}$/, 'verifications[0]': present } },
    }),
    get('The JSON Schema of an input', `${SHIPPED}/versions/1.0.0/schema`, {
      as: 'rea',
      expect: {
        status: 200,
        headers: { 'Content-Type': /^application\/schema\+json/ },
        body: { 'properties.age.maximum': 99 },
      },
    }),
    get('The card, in Markdown', `${SHIPPED}/versions/1.0.0/card`, {
      as: 'rea',
      headers: { Accept: 'text/markdown' },
      expect: {
        status: 200,
        headers: { 'Content-Type': /^text\/markdown/ },
        text: [/^# Cardiac risk/, /not for clinical use/],
      },
    }),
    get('How long its newest predictions took', `${SHIPPED}/versions/1.0.0/latency`, {
      as: 'rea',
      expect: { status: 200, body: { model: 'cardiac-risk', version: '1.0.0', predictions: ofType('number') } },
    }),
    get('How well it does, as numbers to draw', `${SHIPPED}/versions/1.0.0/evaluation`, {
      as: 'rea',
      expect: { status: 200, body: { 'datasets[0].roc[0].points[1]': present } },
    }),
    get('Patients to start from, each with the class that is answered', `${SHIPPED}/versions/1.0.0/examples`, {
      as: 'rea',
      expect: {
        status: 200,
        body: {
          notice: 'Trained on synthetic data; not for clinical use',
          data: oneWith({ name: 'at-risk', label: 'risk' }),
        },
      },
    }),
    get('The file is not for everybody', `${SHIPPED}/versions/1.0.0/artifact`, {
      as: 'rea',
      expect: problem(403, 'FORBIDDEN'),
    }),
    get('The file', `${SHIPPED}/versions/1.0.0/artifact`, {
      as: 'admin',
      expect: { status: 200, headers: { ETag: /^"[0-9a-f]{64}"$/ } },
    }),
    post('What is this file?', '/v1/models/inspect', {
      as: 'admin',
      parts: { artifact: FILE },
      expect: { status: 200, body: { format: 'onnx' } },
    }),
    post('Publishing is not for everybody', `${MODEL}/versions`, {
      as: 'rea',
      parts: { artifact: FILE, version: '1.0.0' },
      expect: problem(403, 'FORBIDDEN'),
    }),
    post('Publish a version', `${MODEL}/versions`, {
      as: 'admin',
      parts: { artifact: FILE, version: '1.0.0' },
      expect: {
        status: 201,
        headers: { Location: /\/versions\/1\.0\.0$/ },
        body: { version: '1.0.0', status: 'verified' },
      },
    }),
    post('Publish the same again', `${MODEL}/versions`, {
      as: 'admin',
      parts: { artifact: FILE, version: '1.0.0' },
      expect: { status: 200, body: { version: '1.0.0' } },
    }),
    post('Publish the next version', `${MODEL}/versions`, {
      as: 'admin',
      parts: { artifact: FILE, version: '1.1.0' },
      expect: { status: 201, body: { version: '1.1.0' } },
    }),
    post('Publish one that nobody will need', `${MODEL}/versions`, {
      as: 'admin',
      parts: { artifact: FILE, version: '1.2.0' },
      expect: { status: 201, body: { version: '1.2.0' } },
    }),
    post('Publish other content under a version there is', '/v1/models/vertebral-column/versions', {
      as: 'admin',
      parts: {
        artifact: { file: 'models/penguins/1.1.0/model.onnx' },
        manifest: { file: 'models/vertebral-column/1.0.0/manifest.yaml' },
      },
      expect: { status: [409, 422], headers: { 'Content-Type': /^application\/problem\+json/ } },
    }),
    del('Delete it, while nothing refers to it', `${MODEL}/versions/1.2.0`, { as: 'admin', expect: { status: 204 } }),
    post('Nobody predicts with what is not active', `${MODEL}/predictions`, {
      as: 'rea',
      json: { input: {} },
      expect: { status: 404, body: { status: 404 } },
    }),
    put('Say what a version must satisfy: a card', `${MODEL}/policy`, {
      as: 'admin',
      json: { cardFields: ['card'] },
      expect: { status: 200, body: { 'cardFields[0]': 'card' } },
    }),
    get('It would not pass', `${MODEL}/versions/1.0.0/gate`, {
      as: 'admin',
      expect: { status: 200, body: { passed: false, objections: ofLength(1) } },
    }),
    put('It is not let in', `${MODEL}/active`, {
      as: 'admin',
      json: { version: '1.0.0' },
      expect: problem(409, 'GATE_REFUSED', { body: { 'errors[0].pointer': /^\/cardFields/ } }),
    }),
    put('Ask for less', `${MODEL}/policy`, {
      as: 'admin',
      json: { verification: { engines: 1 } },
      expect: { status: 200, body: { 'verification.engines': 1 } },
    }),
    get('The policy', `${MODEL}/policy`, { as: 'admin', expect: { status: 200, body: { 'verification.engines': 1 } } }),
    get('Would it pass?', `${MODEL}/versions/1.0.0/gate`, {
      as: 'admin',
      expect: { status: 200, body: { version: '1.0.0', passed: true } },
    }),
    put('Activating is not for everybody', `${MODEL}/active`, {
      as: 'rea',
      json: { version: '1.0.0' },
      expect: problem(403, 'FORBIDDEN'),
    }),
    put('Activate the first', `${MODEL}/active`, {
      as: 'admin',
      json: { version: '1.0.0', reason: 'the first one' },
      expect: { status: 200, body: { version: '1.0.0', reason: 'the first one' } },
    }),
    put('Activate it again', `${MODEL}/active`, {
      as: 'admin',
      json: { version: '1.0.0' },
      expect: problem(409, 'VERSION_ALREADY_ACTIVE'),
    }),
    post('Nothing to roll back to', `${MODEL}/rollback`, {
      as: 'admin',
      json: { reason: 'only to show it' },
      expect: problem(409, 'NOTHING_TO_ROLL_BACK'),
    }),
    put('Try the next one in shadow', `${MODEL}/traffic`, {
      as: 'admin',
      json: { shadows: ['1.1.0'], reason: 'on trial' },
      expect: { status: 200, body: { 'shadows[0]': '1.1.0' } },
    }),
    get('How it does beside the other', `${MODEL}/traffic/comparison?version=1.1.0`, {
      as: 'admin',
      expect: { status: 200 },
    }),
    put('Give it a tenth of the traffic', `${MODEL}/traffic`, {
      as: 'admin',
      json: { canary: { version: '1.1.0', share: 0.1 }, reason: 'a tenth' },
      expect: { status: 200, body: { 'canary.share': 0.1 } },
    }),
    get('How the traffic is shared', `${MODEL}/traffic`, {
      as: 'rea',
      expect: { status: 200, body: { 'canary.version': '1.1.0' } },
    }),
    get('How it was shared when', `${MODEL}/traffic/history`, {
      as: 'rea',
      expect: { status: 200, body: { data: ofLength(2) } },
    }),
    put('Activate the next one', `${MODEL}/active`, {
      as: 'admin',
      json: { version: '1.1.0', reason: 'agrees' },
      expect: { status: 200, body: { version: '1.1.0', previousVersion: '1.0.0' } },
    }),
    get('Two versions side by side', `${MODEL}/compare?a=1.0.0&b=1.1.0`, {
      as: 'rea',
      expect: { status: 200, body: { inputs: present } },
    }),
    post('Roll back', `${MODEL}/rollback`, {
      as: 'admin',
      json: { reason: 'only to show it' },
      expect: { status: 200, body: { version: '1.0.0', previousVersion: '1.1.0' } },
    }),
    get('What was live when', `${MODEL}/activations`, {
      as: 'rea',
      expect: { status: 200, body: { data: ofLength(3), 'data[0].version': '1.0.0', 'data[0].kind': 'rollback' } },
    }),
    del('Delete what is in service', `${MODEL}/versions/1.0.0`, {
      as: 'admin',
      expect: problem(409, 'VERSION_IN_SERVICE'),
    }),
    del('Delete what was in service', `${MODEL}/versions/1.1.0`, {
      as: 'admin',
      expect: problem(409, 'VERSION_REFERRED_TO'),
    }),
    del('Take it out of use', `${MODEL}/versions/1.1.0?retire=true`, { as: 'admin', expect: { status: 204 } }),
    put('Activate what is retired', `${MODEL}/active`, {
      as: 'admin',
      json: { version: '1.1.0' },
      expect: problem(409, 'VERSION_NOT_ACTIVATABLE'),
    }),
    post('An input that the model does not know', '/v1/models/vertebral-column/predictions', {
      as: 'rea',
      json: { input: { ...SPINE, height: 170 } },
      expect: problem(422, 'INVALID_REQUEST', { body: { 'errors[0].pointer': '/input/height' } }),
    }),
  ],
);
