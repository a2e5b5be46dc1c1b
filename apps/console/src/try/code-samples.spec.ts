import { execFileSync } from 'node:child_process';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { codeSamples } from './code-samples';

const request = { input: { name: "O'Neill", glucose: 1.75, ward: 'ñ "B"\\', none: null } };
const samples = codeSamples('https://latido.example', 'cardiac-risk', request);
const observations = Array.from({ length: 60 }, (_, n) => ({
  signal: 'heartRate',
  value: n,
  time: '2026-01-01T00:00Z',
}));
const long = codeSamples('https://latido.example', 'haemodynamic-shock', { input: { observations } });

describe('code samples', () => {
  it('send the body from a shell, whatever quotes it holds', () => {
    const echoed = execFileSync('sh', ['-c', samples.curl.replace(/^curl/, "printf '%s\\n'")], {
      env: { TOKEN: 'the-token' },
      encoding: 'utf8',
    });
    const lines = echoed.split('\n');
    expect(lines[0]).toBe('https://latido.example/v1/models/cardiac-risk/predictions');
    expect(lines).toContain('Authorization: Bearer the-token');
    expect(JSON.parse(echoed.slice(echoed.indexOf('--data') + '--data'.length))).toEqual(request);
  });

  it('are TypeScript and Python', () => {
    for (const { typescript } of [samples, long]) {
      const { diagnostics } = ts.transpileModule(typescript, { reportDiagnostics: true });
      expect(diagnostics).toEqual([]);
    }
    for (const { python } of [samples, long]) {
      execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: python });
    }
  });

  it('have the same body in Python', () => {
    const body = /^body = ([^]*?)\nrequest/m.exec(samples.python)![1]!;
    const printed = execFileSync('python3', ['-c', `import json\nprint(json.dumps(${body}))`], { encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual(request);
  });

  it('read a long body from a file, which comes with them', () => {
    expect(samples.file).toBeUndefined();
    expect(JSON.parse(long.file!)).toEqual({ input: { observations } });
    for (const sample of [long.curl, long.typescript, long.python]) expect(sample).toContain('request.json');
  });

  it('name no token', () => {
    expect(samples.curl).toContain('Bearer $TOKEN');
  });
});
