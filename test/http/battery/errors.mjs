import { get, ofLength, oneWith, post, premiumNewcomer, problem, topic } from '../describe.mjs';
import { PATIENT } from './patients.mjs';

const PREDICT = '/v1/models/cardiac-risk/predictions';

export default topic(
  'errors',
  'Errors: what is refused, and how it is said',
  'Problem details (RFC 9457) with a code that stays; all values at fault at once, by JSON Pointer. 409, 413 and 429 stand beside what they are about: in accounts, plans, files and registry.',
  [
    premiumNewcomer('ida'),
    post('400: JSON that does not parse', PREDICT, {
      as: 'ida',
      type: 'application/json',
      text: '{"input": ',
      expect: problem(400, 'MALFORMED_REQUEST'),
    }),
    post('401: nobody', PREDICT, {
      json: { input: PATIENT },
      expect: problem(401, 'AUTHENTICATION_REQUIRED', { headers: { 'WWW-Authenticate': 'Bearer realm="latido"' } }),
    }),
    post('401: a token that nobody gave', PREDICT, {
      headers: { Authorization: 'Bearer not.a.token' },
      json: { input: PATIENT },
      expect: problem(401, 'INVALID_TOKEN', { headers: { 'WWW-Authenticate': /error="invalid_token"/ } }),
    }),
    get('403: not an auditor', '/v1/audit/events', { as: 'ida', expect: problem(403, 'FORBIDDEN') }),
    get('404: no such route', '/v1/nothing', { as: 'ida', expect: problem(404, 'NOT_FOUND') }),
    post('404: no such model', '/v1/models/nothing/predictions', {
      as: 'ida',
      json: { input: PATIENT },
      expect: problem(404, 'MODEL_NOT_FOUND'),
    }),
    post('404: no such version', PREDICT, {
      as: 'ida',
      json: { input: PATIENT, version: '9.9.9' },
      expect: problem(404, 'VERSION_NOT_FOUND'),
    }),
    get('404: no such prediction', '/v1/predictions/00000000-0000-7000-8000-000000000000', {
      as: 'ida',
      expect: problem(404, 'PREDICTION_NOT_FOUND'),
    }),
    post('415: a media type that is not read', PREDICT, {
      as: 'ida',
      type: 'application/xml',
      text: '<patient/>',
      expect: problem(415, 'UNSUPPORTED_MEDIA_TYPE'),
    }),
    post('422: everything that is wrong, at once', PREDICT, {
      as: 'ida',
      json: { input: { ...PATIENT, cholesterol: 'much', age: 300, smoker: 2, height: 170 } },
      expect: problem(422, 'INVALID_REQUEST', {
        body: {
          errors: ofLength(4),
          'errors[0].pointer': '/input/height',
          'errors[0].detail': 'is not a known input',
          'errors[1].pointer': '/input/cholesterol',
          'errors[2].pointer': '/input/age',
          'errors[2].detail': 'must be at most 99',
          'errors[3].pointer': '/input/smoker',
        },
      }),
    }),
    post('422: a value that is missing', PREDICT, {
      as: 'ida',
      json: { inputs: [PATIENT, { ...PATIENT, age: undefined }] },
      expect: problem(422, 'INVALID_REQUEST', { body: { errors: oneWith({ pointer: '/inputs/1/age' }) } }),
    }),
    post('422: nothing to predict', PREDICT, { as: 'ida', json: {}, expect: problem(422, 'INVALID_REQUEST') }),
  ],
);
