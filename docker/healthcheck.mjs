/**
 * What the image's HEALTHCHECK runs: exit code 0 when this container's server is ready, else 1 with the reason. It speaks HTTPS where the
 * server does, and trusts whatever certificate that has, which is made out to another name than 127.0.0.1.
 */
import { get as getOverHttp } from 'node:http';
import { get as getOverHttps } from 'node:https';

/** Below the timeout of HEALTHCHECK, so that the reason is told. */
const PATIENCE_MS = 3_500;

const { PORT, TLS_CERT } = process.env;
const secure = Boolean(TLS_CERT);
const get = secure ? getOverHttps : getOverHttp;

function end(code, text) {
  console.log(text.slice(0, 400));
  process.exit(code);
}

setTimeout(() => end(1, `no answer within ${PATIENCE_MS} ms`), PATIENCE_MS);
get({ host: '127.0.0.1', port: PORT || 3000, path: '/health/ready', rejectUnauthorized: false }, async (response) => {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  end(response.statusCode === 200 ? 0 : 1, `${response.statusCode} ${text}`);
}).on('error', (error) => end(1, error.message));
