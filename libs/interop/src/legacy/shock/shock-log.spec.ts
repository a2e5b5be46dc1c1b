import { describe, expect, it } from 'vitest';
import { logLine } from './shock-log.js';

/** Local, as Python's clock is. */
const AT = new Date(2024, 0, 31, 12, 0, 0, 123);

function line(seconds: number): string {
  const receivedAt = new Date(AT.getTime() - seconds * 1_000);
  return logLine({ url: '/predict', method: 'POST', receivedAt, answeredAt: AT, seconds });
}

describe('a line of app.log', () => {
  it('is as Python’s logging writes a dictionary', () => {
    expect(line(0.118)).toBe(
      "2024-01-31 12:00:00,123 , INFO , {'url': '/predict', 'method': 'POST', 'date': '2024-01-31 12:00:00.005000', 'duration': 0.118}\n",
    );
  });

  it.each([
    [0, '0.0'],
    [1, '1.0'],
    [10, '10.0'],
    [0.0123456789, '0.012346'],
    [0.5, '0.5'],
    [1e-7, '0.0'],
  ])('says that %d seconds took %s', (seconds, text) => {
    expect(line(seconds)).toMatch(new RegExp(`'duration': ${text.replace('.', '\\.')}}\n$`));
  });
});
