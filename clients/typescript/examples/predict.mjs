/**
 * Registers somebody, predicts, reads a refusal, waits out a plan's limit and scores a file in the background, against a running server:
 *
 *   npm run build -w @latido/client
 *   node clients/typescript/examples/predict.mjs http://localhost:3000
 */
import { createLatidoClient, dataOf, LatidoProblem } from '@latido/client';

const baseUrl = process.argv[2] ?? 'http://localhost:3000';
const latido = createLatidoClient({ baseUrl, retry: { attempts: 2, longestWaitSeconds: 60 } });

const username = `example-${crypto.randomUUID()}`;
const password = crypto.randomUUID();
await latido.POST('/v1/users', { body: { username, password } });
await latido.signIn(username, password);
const { plan, quota } = await dataOf(latido.GET('/v1/me'));
console.log(`${username} has the plan ${plan}: ${quota.limit} requests in ${quota.windowSeconds} s`);

const patient = { cholesterol: 2.45, systolicPressure: 1.35, glucose: 1.75, age: 68, overweight: 0, smoker: 0 };
const { id, results, notice } = await latido.predict('cardiac-risk', { input: patient });
console.log(`${results[0].label}, probability ${results[0].probability.toFixed(2)}. ${notice}`);

const record = await dataOf(latido.GET('/v1/predictions/{id}', { params: { path: { id } } }));
console.log(`recorded at ${record.createdAt}, computed by ${record.engineVersion}`);

try {
  await latido.predict('cardiac-risk', { input: { ...patient, age: 300, smoker: 2 } });
} catch (error) {
  if (!(error instanceof LatidoProblem)) throw error;
  console.log(`refused with ${error.status} ${error.code}: the age ${error.at('/input/age')}`);
}

const columns = Object.keys(patient);
const file = [
  columns,
  ...Array.from({ length: 2000 }, (_, row) => columns.map((name) => (name === 'age' ? row % 100 : patient[name]))),
];
const batch = await latido.createBatch('cardiac-risk', file.map((row) => row.join(',')).join('\n'));
for await (const { status, progress, rowsDone } of latido.watchBatch(batch.id))
  console.log(`batch ${status}: ${Math.round(progress * 100)} %, ${rowsDone} rows`);
const scored = await dataOf(
  latido.GET('/v1/batches/{id}/results', { params: { path: { id: batch.id } }, parseAs: 'text' }),
);
console.log(scored.split('\n').slice(0, 2).join('\n'));

await latido.signOut();
