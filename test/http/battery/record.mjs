import {
  absent,
  get,
  newcomer,
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
import { PATIENT, YOUNG_PATIENT } from './patients.mjs';

export default topic(
  'record',
  'The record: history, replay, outcome, audit',
  'What was predicted can be read again, computed again and compared with what really happened; the record proves that nothing was changed.',
  [
    premiumNewcomer('uma'),
    post('Predict for one patient', '/v1/models/cardiac-risk/predictions', {
      as: 'uma',
      json: { input: PATIENT, subject: 'S-{{umaId}}' },
      expect: { status: 201 },
      keep: { oneId: 'id' },
    }),
    post('Predict for two', '/v1/models/cardiac-risk/predictions', {
      as: 'uma',
      json: { inputs: [PATIENT, YOUNG_PATIENT] },
      expect: { status: 201 },
      keep: { twoId: 'id' },
    }),
    get('History, newest first', '/v1/predictions?limit=1', {
      as: 'uma',
      expect: {
        status: 200,
        body: { data: ofLength(1), 'data[0].id': '{{twoId}}', 'data[0].rowCount': 2, nextCursor: ofType('string') },
      },
      keep: { cursor: 'nextCursor' },
    }),
    get('The next page', '/v1/predictions?limit=1&cursor={{cursor}}', {
      as: 'uma',
      expect: { status: 200, body: { 'data[0].id': '{{oneId}}' } },
    }),
    get('By model and label', '/v1/predictions?model=cardiac-risk&label=no-risk', {
      as: 'uma',
      expect: { status: 200, body: { data: ofLength(1), 'data[0].id': '{{twoId}}' } },
    }),
    post('By patient, whose name never stands in a URL', '/v1/predictions/search', {
      as: 'uma',
      json: { subject: 'S-{{umaId}}' },
      expect: { status: 200, body: { data: ofLength(1), 'data[0].id': '{{oneId}}' } },
    }),
    get('As a file, a line each row', '/v1/predictions.csv?model=cardiac-risk&label=no-risk', {
      as: 'uma',
      expect: {
        status: 200,
        headers: { 'Content-Type': /^text\/csv/, 'Content-Disposition': /^attachment; filename="predictions.csv"$/ },
        text: [/id,row,createdAt,.*,input\.age,/, /\n[0-9a-f-]{36},1,.*,no-risk,/],
      },
    }),
    post('As a file, of one patient', '/v1/predictions/search.csv', {
      as: 'uma',
      json: { subject: 'S-{{umaId}}' },
      expect: { status: 200, headers: { 'Content-Type': /^text\/csv/ }, text: [/\n[0-9a-f-]{36},0,.*,risk,/] },
    }),
    get('A file has no pages', '/v1/predictions.csv?limit=10', {
      as: 'uma',
      expect: problem(422, 'INVALID_REQUEST'),
    }),
    get('The whole record', '/v1/predictions/{{oneId}}', {
      as: 'uma',
      expect: {
        status: 200,
        body: {
          'inputs[0].age': 68,
          engine: present,
          engineVersion: present,
          rowCount: 1,
          'outcomes[0]': null,
          erased: false,
        },
      },
    }),
    get('One row of several', '/v1/predictions/{{twoId}}/rows/1', {
      as: 'uma',
      expect: { status: 200, body: { row: 1, 'input.age': 25, 'result.label': 'no-risk' } },
    }),
    post('Compute it again: the same bits', '/v1/predictions/{{oneId}}/replay', {
      as: 'uma',
      expect: { status: 200, body: { identical: true, largestDifference: 0, comparedRows: 1 } },
    }),
    post('Compute one row again', '/v1/predictions/{{twoId}}/rows/1/replay', {
      as: 'uma',
      expect: { status: 200, body: { identical: true, comparedRows: 1 } },
    }),
    put('What really happened', '/v1/predictions/{{oneId}}/outcome', {
      as: 'uma',
      json: { label: 'no-risk', observedAt: '2026-01-31T10:00:00Z', note: 'second opinion' },
      expect: { status: 200, body: { revision: 1, label: 'no-risk' } },
    }),
    put('A correction is the next revision', '/v1/predictions/{{oneId}}/outcome', {
      as: 'uma',
      json: { label: 'risk', observedAt: '2026-01-31T11:00:00Z' },
      expect: { status: 200, body: { revision: 2, label: 'risk' } },
    }),
    put('What happened to the second patient', '/v1/predictions/{{twoId}}/rows/1/outcome', {
      as: 'uma',
      json: { label: 'no-risk', observedAt: '2026-01-31T10:00:00Z' },
      expect: { status: 200, body: { row: 1, revision: 1 } },
    }),
    put('An outcome is that of one patient', '/v1/predictions/{{twoId}}/outcome', {
      as: 'uma',
      json: { label: 'risk', observedAt: '2026-01-31T10:00:00Z' },
      expect: problem(409, 'PREDICTION_OF_SEVERAL_ROWS'),
    }),
    put('A label that the model does not have', '/v1/predictions/{{oneId}}/outcome', {
      as: 'uma',
      json: { label: 'maybe', observedAt: '2026-01-31T10:00:00Z' },
      expect: problem(422, 'INVALID_REQUEST', { body: { 'errors[0].pointer': '/label' } }),
    }),
    get('Who said what when', '/v1/predictions/{{oneId}}/outcomes', {
      as: 'uma',
      expect: { status: 200, body: { data: ofLength(2), 'data[0].revision': 2, 'data[0].userId': '{{umaId}}' } },
    }),
    newcomer('tom'),
    get('Another user’s prediction is not there', '/v1/predictions/{{oneId}}', {
      as: 'tom',
      expect: problem(404, 'PREDICTION_NOT_FOUND'),
    }),
    get('The administrator may read it', '/v1/predictions/{{oneId}}', {
      as: 'admin',
      expect: { status: 200, body: { userId: '{{umaId}}' } },
    }),
    get('Which leaves an event', '/v1/audit/events?targetId={{oneId}}&limit=5', {
      as: 'admin',
      expect: {
        status: 200,
        body: {
          data: oneWith({ action: /read-by-other/ }),
          'data[0].target.id': '{{oneId}}',
          'data[0].inputs': absent,
        },
      },
    }),
    get(
      'Events by who did what to what, and when',
      '/v1/audit/events?action=user.registered&targetType=user&targetId={{umaId}}&from=2026-01-01',
      {
        as: 'admin',
        expect: { status: 200, body: { data: ofLength(1), 'data[0].action': 'user.registered' } },
      },
    ),
    get('An action that there is not', '/v1/audit/events?action=user.applauded', {
      as: 'admin',
      expect: problem(422, 'INVALID_REQUEST', { body: { 'errors[0].pointer': '?action' } }),
    }),
    get('A proof that the prediction is in the record', '/v1/audit/proofs/{{oneId}}', {
      as: 'admin',
      expect: {
        status: 200,
        body: { kind: 'predictions', leaf: ofType('string'), 'batch.signature': ofType('string') },
      },
    }),
    get('A proof of what there is not', '/v1/audit/proofs/00000000-0000-7000-8000-000000000000', {
      as: 'admin',
      expect: problem(404, 'RECORD_NOT_FOUND'),
    }),
    get('Signed statements of where the chains ended', '/v1/audit/checkpoints?limit=1', {
      as: 'admin',
      expect: { status: 200, body: { data: present } },
    }),
    post('Verify the record', '/v1/audit/verify', {
      as: 'admin',
      json: {},
      expect: { status: 200, body: { holds: true, findings: ofLength(0) } },
    }),
    post('The same as events, with how far it is', '/v1/audit/verify', {
      as: 'admin',
      headers: { Accept: 'text/event-stream' },
      json: {},
      expect: {
        status: 200,
        headers: { 'Content-Type': /^text\/event-stream/ },
        text: /^event: ended\ndata: \{"holds":true/m,
      },
    }),
  ],
);
