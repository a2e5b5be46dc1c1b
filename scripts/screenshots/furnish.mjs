/** People, predictions, outcomes and a scored file, for pages that show them. All synthetic. */
import { randomInt } from 'node:crypto';

export const PASSWORD = 'seven tall grey towers';

const PEOPLE = [
  { username: 'clara', displayName: 'Clara Ruiz', email: 'clara.ruiz@hospital.example', role: 'user', plan: 'PREMIUM' },
  {
    username: 'diego',
    displayName: 'Diego Sanz',
    email: 'diego.sanz@hospital.example',
    role: 'publisher',
    plan: 'PREMIUM',
  },
  {
    username: 'alba',
    displayName: 'Alba Torres',
    email: 'alba.torres@hospital.example',
    role: 'auditor',
    plan: 'FREEMIUM',
  },
  {
    username: 'franco',
    displayName: 'Franco Díaz',
    email: 'franco.diaz@hospital.example',
    role: 'user',
    plan: 'FREEMIUM',
  },
  { username: 'ines', displayName: 'Inés Vidal', email: 'ines.vidal@hospital.example', role: 'user', plan: 'FREEMIUM' },
  {
    username: 'marta',
    displayName: 'Marta Soler',
    email: 'marta.soler@hospital.example',
    role: 'user',
    plan: 'PREMIUM',
  },
];
const ROWS_OF_FILE = 1500;

const between = (low, high, decimals = 2) => {
  const scale = 10 ** decimals;
  return randomInt(Math.round(low * scale), Math.round(high * scale) + 1) / scale;
};

export function cardiacPatient() {
  return {
    cholesterol: between(1.2, 2.9),
    systolicPressure: between(0.8, 1.75),
    glucose: between(0.6, 1.9),
    age: between(28, 88, 0),
    overweight: between(0, 1, 0),
    smoker: between(0, 1, 0),
  };
}

async function call(url, method, path, { token, body, type = 'application/json' } = {}) {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': type }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok && response.status !== 429)
    throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

async function signIn(url, username) {
  const body = { grant_type: 'password', username, password: PASSWORD };
  return (await call(url, 'POST', '/v1/auth/token', { body })).access_token;
}

/** @returns what scenes go to: a prediction, a batch, people, and somebody who asks for more */
export async function furnish(url) {
  const admin = await signIn(url, 'admin');
  await call(url, 'PATCH', '/v1/me', { token: admin, body: { displayName: 'Ada Moreno' } });
  const ids = {};
  for (const { username, displayName, email, role, plan } of PEOPLE) {
    const { id } = await call(url, 'POST', '/v1/users', { body: { username, displayName, email, password: PASSWORD } });
    ids[username] = id;
    if (role !== 'user') await call(url, 'PATCH', `/v1/users/${id}`, { token: admin, body: { role } });
    if (plan !== 'FREEMIUM') await call(url, 'PUT', `/v1/users/${id}/subscription`, { token: admin, body: { plan } });
  }
  const clara = await signIn(url, 'clara');
  let prediction;
  for (let patient = 0; patient < 26; patient += 1) {
    const body = { input: cardiacPatient(), subject: `P-${1040 + patient}` };
    prediction = await call(url, 'POST', '/v1/models/cardiac-risk/predictions', { token: clara, body });
    if (patient % 4 === 0) {
      await call(url, 'PUT', `/v1/predictions/${prediction.id}/outcome`, {
        token: clara,
        body: { label: prediction.results[0].label, observedAt: new Date().toISOString() },
      });
    }
  }
  for (const [model, share] of [
    ['penguins', 6],
    ['vertebral-column', 5],
    ['haemodynamic-shock', 6],
  ]) {
    const path = `/v1/models/${model}`;
    const { activeVersion } = await call(url, 'GET', path, { token: clara });
    const { data } = await call(url, 'GET', `${path}/versions/${activeVersion}/examples`, { token: clara });
    for (let count = 0; count < share; count += 1) {
      const { input } = data[count % data.length];
      await call(url, 'POST', `${path}/predictions`, { token: clara, body: { input, subject: `P-${1100 + count}` } });
    }
  }
  const franco = await signIn(url, 'franco');
  // Two more than FREEMIUM allows in a minute, so that there are refusals to see.
  for (let count = 0; count < 7; count += 1)
    await call(url, 'POST', '/v1/models/cardiac-risk/predictions', {
      token: franco,
      body: { input: cardiacPatient() },
    });
  const marta = await signIn(url, 'marta');
  const columns = Object.keys(cardiacPatient());
  const lines = Array.from({ length: ROWS_OF_FILE }, (_, row) => {
    const patient = cardiacPatient();
    // A few lines that cannot be scored.
    if (row % 400 === 123) patient.age = 900;
    return [`P-${2000 + row}`, ...columns.map((name) => patient[name])].join(',');
  });
  const batch = await call(url, 'POST', '/v1/models/cardiac-risk/batches', {
    token: marta,
    type: 'text/csv',
    body: `${['subject', ...columns].join(',')}\n${lines.join('\n')}\n`,
  });
  /** Asks for so many predictions. */
  const ask = async (count) => {
    for (let done = 0; done < count; done += 1)
      await call(url, 'POST', '/v1/models/cardiac-risk/predictions', {
        token: marta,
        body: { input: cardiacPatient() },
      });
  };
  return { ids, prediction: prediction.id, batch: batch.id, ask };
}
