import { filler, get, ofLength, post, topic } from '../describe.mjs';
import { PATIENT, YOUNG_PATIENT } from './patients.mjs';

const API = '/legacy/glm';
const csv = (rows) => [Object.keys(rows[0]), ...rows.map(Object.values)].map((cells) => cells.join(',')).join('\n');

export default topic(
  'legacy-glm',
  'Older service "glm": a CSV file in, true and false out',
  'The routes of a Flask service on port 5000, under /legacy/glm. The model is cardiac-risk.',
  [
    get('A line that says that it works', `${API}/`, { expect: { status: 200, text: /works/ } }),
    post('Predict the rows of a file', `${API}/predict`, {
      parts: { file: { name: 'patients.csv', text: csv([PATIENT, YOUNG_PATIENT]) } },
      expect: { status: 200, body: { prediction: ofLength(2), 'prediction[0]': true, 'prediction[1]': false } },
    }),
    post('No file', `${API}/predict`, {
      parts: { note: 'nothing' },
      expect: { status: 400, body: { error: 'No file part' } },
    }),
    post('A file that was not chosen', `${API}/predict`, {
      parts: { file: { name: '', text: '' } },
      expect: { status: 400, body: { error: 'No selected file' } },
    }),
    post('A file that does not fit', `${API}/predict`, {
      parts: { file: { name: 'patients.csv', text: 'age\n68' } },
      expect: { status: 400, body: { error: /cholesterol/ } },
    }),
    post('A file that is too large', `${API}/predict`, {
      make: { megabytes: filler(2_200_000) },
      parts: { file: { name: 'patients.csv', text: `${csv([PATIENT])}\n{{megabytes}}` } },
      onlyWithScripts: 'its body is made by a script',
      expect: { status: 413, body: { error: /batches/ } },
    }),
    get('Requests over time', `${API}/dashboard`, {
      expect: { status: 200, headers: { 'Content-Type': /^text\/html/ } },
    }),
  ],
  {
    LEGACY_APIS: 'glm',
    LEGACY_GLM_MODEL: 'cardiac-risk',
    LEGACY_ANONYMOUS_USER: 'older-clients',
    LEGACY_ANONYMOUS_MODELS: 'cardiac-risk',
  },
);
