/** Names and ports of older services, from the texts of their variables. */
import { integerBetween, InvalidVariable, list } from './parsers.js';

/** The older services that there are adapters for. */
export const LEGACY_NAMES = ['cardiac', 'shock', 'penguins', 'lab', 'glm'] as const;
export type LegacyName = (typeof LEGACY_NAMES)[number];

/** A port at whose root an older service is served. */
export interface LegacyPort {
  readonly name: LegacyName;
  readonly port: number;
}

const parsePort = integerBetween(1, 65_535);

export function legacyNames(value: string): LegacyName[] {
  return [...new Set(list(value).map(legacyName))];
}

/** A service may have several ports, a port one service. */
export function legacyPorts(value: string): LegacyPort[] {
  const ports = list(value).map((entry) => {
    const [name = '', port, ...more] = entry.split(':');
    if (port === undefined || more.length > 0) throw new InvalidVariable(`holds "${entry}", which is not name:port`);
    return { name: legacyName(name), port: parsePort(port) };
  });
  for (const [index, { name, port }] of ports.entries()) {
    const other = ports.slice(0, index).find((earlier) => earlier.port === port);
    if (other) throw new InvalidVariable(`gives the port ${port} to both ${other.name} and ${name}`);
  }
  return ports;
}

function legacyName(name: string): LegacyName {
  const known = LEGACY_NAMES.find((candidate) => candidate === name);
  if (known === undefined) throw new InvalidVariable(`holds "${name}", which is not one of ${LEGACY_NAMES.join(', ')}`);
  return known;
}
