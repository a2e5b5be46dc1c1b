/** The types of the TypeScript client, made of the OpenAPI document. */
import openapiTS, { astToString } from 'openapi-typescript';

const HEAD = '// Written by `npm run generate` from openapi.json: change the code it is made from.\n\n';

/**
 * @param {string} document openapi.json
 * @returns {Promise<Record<string, string>>} the file's text by its path
 */
export async function clientTypes(document) {
  const syntax = await openapiTS(JSON.parse(document), { silent: true, alphabetize: false });
  return { 'clients/typescript/src/schema.ts': HEAD + astToString(syntax) };
}
