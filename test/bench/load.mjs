/** The load generator: drives one target for a while and prints what it measured as JSON. */
import autocannon from 'autocannon';

const target = JSON.parse(process.argv[2]);
const { tokens = [undefined] } = target;
const durationsMs = [];
let next = 0;
let unexpected = 0;

const instance = autocannon({
  url: target.url,
  connections: target.connections,
  duration: target.warmUp ? 2 : target.duration,
  setupClient(client) {
    const token = tokens[next++ % tokens.length];
    client.setRequests([
      {
        method: target.method,
        body: target.body,
        headers: {
          ...(target.body ? { 'content-type': 'application/json' } : {}),
          ...(token ? { authorization: `Bearer ${token}` } : {}),
        },
      },
    ]);
  },
});
// Its own histogram counts whole milliseconds; ours keeps the microseconds.
instance.on('response', (_client, status, _bytes, ms) => {
  durationsMs.push(ms);
  if (status !== target.expect) unexpected += 1;
});
const result = await instance;
durationsMs.sort((a, b) => a - b);
const quantile = (share) => durationsMs[Math.min(durationsMs.length - 1, Math.floor(share * durationsMs.length))] ?? 0;
console.log(
  JSON.stringify({
    requestsPerSecond: durationsMs.length / result.duration,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    unexpected: unexpected + result.errors,
  }),
);
