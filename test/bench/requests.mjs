/** Requests as the bytes that go on the wire, made before the clock starts. */

/** A body longer than this is kept once and written behind each head, instead of once per token. */
const COPIED_BODY_BYTES = 4096;

/**
 * @typedef {object} RequestTemplate
 * @property {string} method
 * @property {string} path
 * @property {Record<string, string>} [headers]
 * @property {string} [body]
 */

/**
 * One request per token, or per template when there are more of those; each goes round by itself.
 * @param {RequestTemplate[]} templates
 * @param {string[]} tokens what stands behind `Bearer`; none when empty
 * @returns {Buffer[][]} for each request the pieces it is written in
 */
export function requestBytes(templates, tokens, host) {
  const bodies = templates.map(({ body }) => (body === undefined ? undefined : Buffer.from(body)));
  return Array.from({ length: Math.max(templates.length, tokens.length) }, (_, index) => {
    const template = templates[index % templates.length];
    const body = bodies[index % templates.length];
    const token = tokens[index % tokens.length];
    const head = Buffer.from(
      [
        `${template.method} ${template.path} HTTP/1.1`,
        `host: ${host}`,
        ...(token ? [`authorization: Bearer ${token}`] : []),
        ...(body ? [`content-type: application/json`, `content-length: ${body.length}`] : []),
        ...Object.entries(template.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
        '\r\n',
      ].join('\r\n'),
    );
    if (!body) return [head];
    return body.length > COPIED_BODY_BYTES ? [head, body] : [Buffer.concat([head, body])];
  });
}
