/**
 * The battery for JetBrains' HTTP Client: values are taken from answers, and answers checked, by response handler scripts
 * (`> {% … %}`), names and passwords made by scripts that run before a request (`< {% … %}`).
 */
import { headLines, requestLines } from './http-file.mjs';
import { accessor, condition, inWords } from './words.mjs';

const variable = (name) => `client.global.get(${JSON.stringify(name)})`;

const MADE = {
  random: ({ value, suffix }) =>
    [JSON.stringify(value), "[1, 2, 3].map(() => Math.random().toString(36).slice(2)).join('')", JSON.stringify(suffix)]
      .filter((part) => part !== '""')
      .join(' + '),
  digits: () => 'String(Math.floor(1000 + 9000 * Math.random()))',
  filler: ({ value }) => `'x'.repeat(${value})`,
};

function beforeLines(step) {
  const lines = Object.entries(step.make ?? {}).map(
    ([name, made]) => `  client.global.set(${JSON.stringify(name)}, ${MADE[made.kind](made)});`,
  );
  return lines.length > 0 ? ['< {%', ...lines, '%}'] : [];
}

function test(words, expression) {
  return `  client.test(${JSON.stringify(words)}, () => client.assert(${expression}));`;
}

function afterLines(step) {
  const { status, headers = {}, body = {}, text = [] } = step.expect;
  const statuses = [status].flat();
  const lines = [
    test(`answers ${statuses.join(' or ')}`, `${JSON.stringify(statuses)}.includes(response.status)`),
    ...Object.entries(headers).map(([name, check]) =>
      test(inWords(name, check), condition(`response.headers.valueOf(${JSON.stringify(name)})`, check, variable)),
    ),
  ];
  const texts = [text].flat();
  if (texts.length > 0)
    lines.push(`  const text = typeof response.body === 'string' ? response.body : JSON.stringify(response.body);`);
  for (const check of texts) lines.push(test(inWords('the answer', check), condition('text', check, variable)));
  // Media types other than application/json arrive as text.
  if (Object.keys(body).length > 0 || step.keep)
    lines.push(`  const answer = typeof response.body === 'string' ? JSON.parse(response.body) : response.body;`);
  for (const [path, check] of Object.entries(body))
    lines.push(test(inWords(path || 'the answer', check), condition(accessor(path), check, variable)));
  for (const [name, path] of Object.entries(step.keep ?? {}))
    lines.push(`  client.global.set(${JSON.stringify(name)}, ${accessor(path)});`);
  return ['> {%', ...lines, '%}'];
}

function blockOf(step, count) {
  return [
    `### ${step.name}${count}`,
    ...(step.note ? step.note.split('\n').map((line) => `# ${line}`) : []),
    ...beforeLines(step),
    ...requestLines(step, '../../../'),
    '',
    ...afterLines(step),
    '',
  ];
}

/** @returns {Record<string, string>} texts by file name */
export function writeJetBrains(topics) {
  const files = topics.map((topic) => {
    const blocks = topic.steps.flatMap((step) =>
      step.times
        ? Array.from({ length: step.times }, (_, index) => blockOf(step, ` (${index + 1} of ${step.times})`)).flat()
        : blockOf(step, ''),
    );
    const head = headLines(topic, [
      'Choose the environment "local"; the password stands in http-client.private.env.json, see ../README.md.',
    ]);
    return [`jetbrains/${topic.id}.http`, `${[...head, '', ...blocks].join('\n').trimEnd()}\n`];
  });
  const environment = { local: { baseUrl: 'http://localhost:3000', adminName: 'admin' } };
  return {
    ...Object.fromEntries(files),
    'jetbrains/http-client.env.json': `${JSON.stringify(environment, null, 2)}\n`,
  };
}
