/** Tables as the older shock service's client sends them: made from pandas with `to_dict()`, all values synthetic. */

export interface ShockTableBody {
  idAtencion: unknown;
  idSigno: Record<string, unknown>;
  nomSigno: Record<string, unknown>;
  valor: Record<string, unknown>;
  fecRegistro: Record<string, unknown>;
  unidad?: Record<string, unknown>;
  [column: string]: unknown;
}

export interface ShockRow {
  readonly idAtencion?: unknown;
  readonly idSigno: unknown;
  readonly nomSigno: unknown;
  readonly valor: unknown;
  readonly fecRegistro: unknown;
  readonly unidad?: unknown;
}

/** Signals of the model with the units of its manifest, and what a stable patient has. */
export const SHOCK_SIGNALS: readonly (readonly [number, string, number, string])[] = [
  [150488, 'MDC_BLD_PERF_INDEX', 1.84, '%'],
  [147842, 'MDC_ECG_HEART_RATE', 78, '/min'],
  [148066, 'MDC_ECG_V_P_C_RATE', 0, '/min'],
  [188740, 'MDC_LEN_BODY_ACTUAL', 162, 'cm'],
  [188736, 'MDC_MASS_BODY_ACTUAL', 73, 'kg'],
  [149530, 'MDC_PULS_OXIM_PULS_RATE', 78, '/min'],
  [150456, 'MDC_PULS_OXIM_SAT_O2', 97, '%'],
  [150344, 'MDC_TEMP', 36.9, '°C'],
  [151578, 'MDC_TTHOR_RESP_RATE', 16, '/min'],
];

/** What monitors send beside them, and the model does not take. */
export const OTHER_SIGNALS: typeof SHOCK_SIGNALS = [
  [150037, 'MDC_PRESS_BLD_ART_ABP_SYS', 121, 'mm[Hg]'],
  [150038, 'MDC_PRESS_BLD_ART_ABP_DIA', 78, 'mm[Hg]'],
  [150039, 'MDC_PRESS_BLD_ART_ABP_MEAN', 92, 'mm[Hg]'],
  [150087, 'MDC_PRESS_BLD_VEN_CENT_MEAN', 8, 'mm[Hg]'],
  [151594, 'MDC_AWAY_CO2_ET', 36, 'mm[Hg]'],
];

const START = Date.parse('2026-01-31T08:00:00Z');
const INTERVAL_MS = 300_000;

/** `2026-01-31 08:05:00`, `index` intervals of five minutes after eight. */
export function shockTime(index: number): string {
  return new Date(START + index * INTERVAL_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Rows of `samples` times, five minutes apart; the last are the same however many there are. */
export function shockRows(samples = 20, signals = SHOCK_SIGNALS): ShockRow[] {
  return Array.from({ length: samples }, (_, sample) =>
    signals.map(([idSigno, nomSigno, value]) => ({
      idSigno,
      nomSigno,
      // Never quite the same from sample to sample, as little as a stable patient's.
      valor: Math.round((value + value * 0.01 * Math.sin(sample - samples + idSigno)) * 100) / 100,
      fecRegistro: shockTime(sample - samples),
    })),
  ).flat();
}

/** The table of these rows; a patient for each row where the rows name some. */
export function shockTable(rows: readonly ShockRow[], idAtencion: unknown = 1): ShockTableBody {
  const column = (name: keyof ShockRow): Record<string, unknown> =>
    Object.fromEntries(rows.map((row, index) => [String(index), row[name]]));
  const several = rows.some((row) => row.idAtencion !== undefined);
  return {
    idAtencion: several ? column('idAtencion') : idAtencion,
    idSigno: column('idSigno'),
    nomSigno: column('nomSigno'),
    valor: column('valor'),
    fecRegistro: column('fecRegistro'),
    ...(rows.some((row) => row.unidad !== undefined) ? { unidad: column('unidad') } : {}),
  };
}
