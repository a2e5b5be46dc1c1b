/** What `.http` files for VS Code and for JetBrains have in common: the request itself. */
import { bodyOf, headersOf } from './words.mjs';

const BOUNDARY = 'latido-battery';

function multipart(parts, root) {
  const lines = [];
  for (const [name, value] of Object.entries(parts)) {
    lines.push(`--${BOUNDARY}`);
    if (typeof value === 'string') lines.push(`Content-Disposition: form-data; name="${name}"`, '', value);
    else
      lines.push(
        `Content-Disposition: form-data; name="${name}"; filename="${value.file.split('/').pop()}"`,
        'Content-Type: application/octet-stream',
        '',
        `< ${root}${value.file}`,
      );
  }
  return [...lines, `--${BOUNDARY}--`];
}

/** The request's lines. `root` leads from the file's folder to the project's root. */
export function requestLines(step, root) {
  const headers = headersOf(step);
  if (step.parts) headers['Content-Type'] = `multipart/form-data; boundary=${BOUNDARY}`;
  const body = step.parts ? multipart(step.parts, root) : bodyOf(step)?.split('\n');
  return [
    `${step.method} {{baseUrl}}${step.path}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body ? ['', ...body] : []),
  ];
}

/** The head of a file. */
export function headLines(topic, more) {
  return [
    `# ${topic.title}`,
    ...topic.text.split('\n').map((line) => `# ${line}`),
    ...(topic.needs.length > 0 ? [`# The server needs: ${topic.needs.join(', ')}`] : []),
    '#',
    '# Written by `npm run generate` from test/http/battery: change it there.',
    ...more.map((line) => `# ${line}`),
  ];
}
