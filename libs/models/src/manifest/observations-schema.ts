/** The JSON Schema of a row's observations: one alternative a signal, with its names, range and units. */
import {
  DEFAULT_MAX_OBSERVATIONS,
  signalKeys,
  signalUnits,
  type ManifestObservations,
  type ManifestSignal,
} from '#inference';

/** One observation of one signal. */
export interface ObservationSchema {
  readonly title: string;
  readonly description?: string;
  readonly type: 'object';
  readonly properties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
  readonly additionalProperties?: false;
  readonly 'x-unit'?: string;
  readonly 'x-ucum'?: string;
  readonly 'x-codes'?: ManifestSignal['codes'];
}

export interface ObservationsSchema {
  readonly title: string;
  readonly description: string;
  readonly type: 'array';
  readonly minItems: number;
  readonly maxItems: number;
  readonly items: { readonly oneOf: readonly ObservationSchema[] };
}

const TIME = { type: 'string', format: 'date-time', description: 'With its offset, to the millisecond.' } as const;

function signalSchema(signal: ManifestSignal): ObservationSchema {
  const { title, description, unit, ucum, range, codes, example } = signal;
  return {
    title,
    description: [description, `Unit: ${unit}.`].filter((text) => text !== undefined).join(' '),
    type: 'object',
    properties: {
      signal: { enum: signalKeys(signal) },
      value: { type: 'number', ...range, ...(example === undefined ? {} : { examples: [example] }) },
      time: TIME,
      unit: { enum: signalUnits(signal), description: 'May be left out; nothing is converted.' },
    },
    required: ['signal', 'value', 'time'],
    additionalProperties: false,
    'x-unit': unit,
    ...(ucum === undefined ? {} : { 'x-ucum': ucum }),
    ...(codes ? { 'x-codes': codes } : {}),
  };
}

/** Of signals that are not declared: what of them is looked at. */
function otherSchema({ signals, otherSignals }: ManifestObservations): ObservationSchema[] {
  const signal = { type: ['string', 'number'], not: { enum: signals.flatMap(signalKeys) } };
  if (otherSignals === 'drop')
    return [
      { title: 'Another signal, which is dropped', type: 'object', properties: { signal }, required: ['signal'] },
    ];
  if (otherSignals !== 'timestep') return [];
  const title = 'Another signal, of which the time alone is taken';
  return [{ title, type: 'object', properties: { signal, time: TIME }, required: ['signal', 'time'] }];
}

/** JSON Schema (2020-12). What a window asks of all observations together stands in no schema; its refusals say it. */
export function observationsSchema(observations: ManifestObservations): ObservationsSchema {
  const { description, signals, maximum = DEFAULT_MAX_OBSERVATIONS } = observations;
  return {
    title: 'Observations',
    description: description ?? 'What was observed of one patient, in any order of time that the model allows.',
    type: 'array',
    minItems: 1,
    maxItems: maximum,
    items: { oneOf: [...signals.map(signalSchema), ...otherSchema(observations)] },
  };
}
