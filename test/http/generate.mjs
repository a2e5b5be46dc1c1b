/** The files that are made of the battery, by path from the project's root. `npm run generate` writes them. */
import { topics } from './battery/index.mjs';
import { writeJetBrains } from './writers/jetbrains.mjs';
import { writePostman } from './writers/postman.mjs';
import { writeVsCode } from './writers/vscode.mjs';

export { topics };

export const FOLDERS = ['test/http/vscode', 'test/http/jetbrains', 'test/http/postman'];

/** @returns {Record<string, string>} */
export function batteryFiles() {
  for (const { id, steps } of topics) {
    const names = steps.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice) throw new Error(`${id}: two steps are called "${twice}"`);
  }
  const files = { ...writeVsCode(topics), ...writeJetBrains(topics), ...writePostman(topics) };
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`test/http/${path}`, text]));
}
