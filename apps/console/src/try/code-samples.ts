/** The request that the page sends, for those who write a client: to be run as it stands, with a token in the environment. */
import type { Schemas } from '../api/latido';

export type PredictionRequest = Schemas['PredictionRequestDto'];

export interface CodeSamples {
  readonly curl: string;
  readonly typescript: string;
  readonly python: string;
  /** `request.json`, which the samples read where the body is too long to stand in them. */
  readonly file?: string;
}

/** Characters of a body that still reads well inside a sample. */
const LONGEST_INLINE = 1_500;

/** For a POSIX shell: everything between single quotes stands for itself. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Of what JSON knows. Its texts are Python's too. */
function pythonLiteral(value: unknown, depth = 0): string {
  const pad = ' '.repeat(4 * (depth + 1));
  const end = ' '.repeat(4 * depth);
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((one) => `${pad}${pythonLiteral(one, depth + 1)},\n`).join('')}${end}]`;
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value as object).filter(([, one]) => one !== undefined);
    if (entries.length === 0) return '{}';
    const lines = entries.map(([name, one]) => `${pad}${JSON.stringify(name)}: ${pythonLiteral(one, depth + 1)},\n`);
    return `{\n${lines.join('')}${end}}`;
  }
  return JSON.stringify(value);
}

/** @param origin where Latido is, without `/v1` */
export function codeSamples(origin: string, model: string, request: PredictionRequest): CodeSamples {
  const json = JSON.stringify(request, null, 2);
  const url = `${origin}/v1/models/${encodeURIComponent(model)}/predictions`;
  const long = json.length > LONGEST_INLINE;
  return {
    curl: `curl ${shellQuoted(url)} \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  --data ${long ? '@request.json' : shellQuoted(json)}`,

    typescript: `import { createLatidoClient } from '@latido/client';
${long ? "import { readFile } from 'node:fs/promises';\n" : ''}
const latido = createLatidoClient({ baseUrl: ${JSON.stringify(origin)}, token: process.env.TOKEN });
const request = ${long ? "JSON.parse(await readFile('request.json', 'utf8'))" : json};
const prediction = await latido.predict(${JSON.stringify(model)}, request);
console.log(prediction.id, prediction.results);`,

    python: `import json
import os
import urllib.request

${long ? "with open('request.json', encoding='utf-8') as file:\n    body = json.load(file)" : `body = ${pythonLiteral(request)}`}
request = urllib.request.Request(
    ${JSON.stringify(url)},
    data=json.dumps(body).encode(),
    headers={
        "Authorization": f"Bearer {os.environ['TOKEN']}",
        "Content-Type": "application/json",
    },
)
with urllib.request.urlopen(request) as response:
    prediction = json.load(response)
print(prediction["id"], prediction["results"])`,
    ...(long ? { file: json } : {}),
  };
}
