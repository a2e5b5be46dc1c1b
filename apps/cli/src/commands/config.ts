/** `latido config`: the configuration that a server started here would have. */
import { effectiveVariables } from '#platform';
import { columns, type Command, type Outcome } from '../command.js';

export const config: Command = {
  name: 'config',
  summary: 'Show the configuration in effect here, its secrets hidden',
  arguments: [],
  options: {},
  notes: ['A wrong value is named with what is wrong about it, as at the start of the server.'],
  run(): Promise<Outcome> {
    const variables = effectiveVariables();
    const rows = variables.map(({ name, value, source }) => [name, value || '-', source]);
    return Promise.resolve({ text: columns(rows), data: { variables } });
  },
};
