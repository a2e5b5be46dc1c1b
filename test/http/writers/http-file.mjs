/** What `.http` files for VS Code and for JetBrains have in common: the request itself. */
import { BOUNDARY, bodyOf, headersOf, multipart, settings } from './words.mjs';

/** The request's lines. `root` leads from the file's folder to the project's root. */
export function requestLines(step, root) {
  const headers = headersOf(step);
  if (step.parts) headers['Content-Type'] = `multipart/form-data; boundary=${BOUNDARY}`;
  const body = step.parts ? multipart(step.parts, (file) => `< ${root}${file}`) : bodyOf(step)?.split('\n');
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
    ...(Object.keys(topic.needs).length > 0 ? [`# The server needs: ${settings(topic.needs)}`] : []),
    '#',
    '# Written by `npm run generate` from test/http/battery: change it there.',
    ...more.map((line) => `# ${line}`),
  ];
}
