import { del, get, ofLength, ofType, post, premiumNewcomer, problem, topic } from '../describe.mjs';
import { PATIENTS_CSV } from './patients.mjs';

const CSV = { type: 'text/csv', text: PATIENTS_CSV };
const HEADER =
  /^id;age;cholesterol;systolicPressure;glucose;overweight;smoker;label;probability;no-risk;risk;prediction;error\n/;
const SCORED = /\nA;68;2,45;1,35;1,75;0;0;risk;0,9\d+;0,0\d+;0,9\d+;[0-9a-f-]{36}\/rows\/0;\n/;
const REFUSED = /\nB;x;1,70;1,10;0,90;0;1;;;;;;age: must be a number/;

export default topic(
  'files',
  'Files: CSV in and out, and batches in the background',
  'Columns in any order, decimal commas where the separator allows them; a row at fault does not stop the file.',
  [
    premiumNewcomer('flo'),
    post('A file, answered as it is read', '/v1/models/cardiac-risk/predictions', {
      as: 'flo',
      ...CSV,
      expect: {
        status: 200,
        headers: { 'Content-Type': /^text\/csv/, 'X-Model-Version': '1.0.0', 'X-Model-Notice': /not for clinical use/ },
        text: [HEADER, SCORED, REFUSED],
      },
    }),
    post('A file without a column that the model needs', '/v1/models/cardiac-risk/predictions', {
      as: 'flo',
      type: 'text/csv',
      text: 'id;age\nA;68\n',
      expect: problem(422, 'FILE_INVALID'),
    }),
    post('A file for a model that takes none', '/v1/models/haemodynamic-shock/predictions', {
      as: 'flo',
      ...CSV,
      expect: problem(422, 'MODEL_TAKES_NO_FILES'),
    }),
    post('A batch', '/v1/models/cardiac-risk/batches', {
      as: 'flo',
      ...CSV,
      expect: {
        status: 202,
        headers: { Location: /^\/v1\/batches\// },
        body: { id: ofType('string'), onError: 'continue' },
      },
      keep: { batchId: 'id' },
    }),
    get('Its progress as server-sent events, until it has ended', '/v1/batches/{{batchId}}/events', {
      as: 'flo',
      expect: {
        status: 200,
        headers: { 'Content-Type': /^text\/event-stream/ },
        text: [/event: ended\ndata: /, /"status":"succeeded"/],
      },
    }),
    get('The batch', '/v1/batches/{{batchId}}', {
      as: 'flo',
      expect: { status: 200, body: { status: 'succeeded', rowsDone: 2, rowsRejected: 1, progress: 1, error: null } },
    }),
    get('One’s own batches, newest first', '/v1/batches?model=cardiac-risk&status=succeeded&limit=1', {
      as: 'flo',
      expect: {
        status: 200,
        body: { data: ofLength(1), 'data[0].id': '{{batchId}}', 'data[0].userId': '{{floId}}', nextCursor: null },
      },
    }),
    get('Its results', '/v1/batches/{{batchId}}/results', {
      as: 'flo',
      expect: { status: 200, headers: { 'Content-Type': /^text\/csv/ }, text: [HEADER, SCORED, REFUSED] },
    }),
    del('Cancel what has ended', '/v1/batches/{{batchId}}', { as: 'flo', expect: problem(409, 'BATCH_FINISHED') }),
    post('A batch of all rows or none', '/v1/models/cardiac-risk/batches?onError=abort', {
      as: 'flo',
      ...CSV,
      expect: { status: 202, body: { onError: 'abort' } },
      keep: { strictBatchId: 'id' },
    }),
    get('Its end', '/v1/batches/{{strictBatchId}}/events', {
      as: 'flo',
      expect: { status: 200, text: [/event: ended\ndata: /, /"status":"failed"/] },
    }),
    get('Why it failed', '/v1/batches/{{strictBatchId}}', {
      as: 'flo',
      expect: { status: 200, body: { status: 'failed', 'error.code': 'BATCH_ROWS_REJECTED' } },
    }),
    get('It has no results', '/v1/batches/{{strictBatchId}}/results', {
      as: 'flo',
      expect: problem(409, 'BATCH_WITHOUT_RESULTS'),
    }),
    get('A batch there is not', '/v1/batches/00000000-0000-7000-8000-000000000000', {
      as: 'flo',
      expect: problem(404, 'BATCH_NOT_FOUND'),
    }),
  ],
);
