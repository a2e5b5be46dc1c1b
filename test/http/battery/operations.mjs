import { above, administrator, get, newcomer, present, problem, topic } from '../describe.mjs';

export default topic(
  'operations',
  'Operations: health and figures',
  'For load balancers, Prometheus and the page of the service.',
  [
    get('The process answers', '/health/live', { expect: { status: 200, body: { status: 'live' } } }),
    get('The database answers and the models are loaded', '/health/ready', {
      expect: { status: 200, body: { status: 'ready', 'checks.database': 'ok', 'checks.models': 'ok' } },
    }),
    get('The document of this API', '/openapi.json', {
      expect: { status: 200, body: { openapi: /^3\./, 'info.title': 'Latido' } },
    }),
    administrator(),
    get('How the service does', '/v1/service/metrics', {
      as: 'admin',
      expect: { status: 200, body: { uptimeSeconds: above(0), 'counters.latido_http_requests_total': present } },
    }),
    get('What was predicted on the last days', '/v1/service/predictions?days=7', {
      as: 'admin',
      expect: { status: 200, body: { from: /^\d{4}-\d\d-\d\d$/, asOf: present, days: present, files: present } },
    }),
    get('Of 90 days at most', '/v1/service/predictions?days=91', {
      as: 'admin',
      expect: problem(422, 'INVALID_REQUEST'),
    }),
    get(
      'The same as events, which go on for ten minutes: here with a wrong interval, which ends',
      '/v1/service/events?everySeconds=0',
      {
        as: 'admin',
        expect: problem(422, 'INVALID_REQUEST', { body: { 'errors[0].pointer': '?everySeconds' } }),
      },
    ),
    get('The same for Prometheus', '/metrics', {
      as: 'admin',
      expect: { status: 200, headers: { 'Content-Type': /^text\/plain/ }, text: /^# HELP /m },
    }),
    newcomer('olu'),
    get('Not for everybody', '/v1/service/metrics', { as: 'olu', expect: problem(403, 'FORBIDDEN') }),
    get('Neither are the predictions', '/v1/service/predictions', { as: 'olu', expect: problem(403, 'FORBIDDEN') }),
  ],
);
