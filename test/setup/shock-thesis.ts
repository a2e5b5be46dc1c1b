/**
 * The shock model of the thesis as a version of Latido: the file and the observations are in the fixtures beside the
 * checkout, the manifest that declares its original pipeline is here. Only where the fixtures are there.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { FeatureStep, ManifestSignal, ModelManifest, Observation } from '#inference';

const THESIS_FIXTURES = resolve(import.meta.dirname, '../../../shared/fixtures/shock');
export const NO_THESIS_FIXTURES = existsSync(join(THESIS_FIXTURES, 'window.json'))
  ? false
  : `${THESIS_FIXTURES} is not there: the model of the thesis is not part of the project`;

const MDC = 'urn:iso:std:iso:11073:10101';

/** In the order of the model's columns. */
const SIGNALS: readonly ManifestSignal[] = (
  [
    ['perfusionIndex', 'Perfusion index', '%', 150488, 'MDC_BLD_PERF_INDEX', 0, 100],
    ['heartRate', 'Heart rate', '/min', 147842, 'MDC_ECG_HEART_RATE', 0, 350],
    ['ventricularPrematureBeats', 'Premature ventricular beats', '/min', 148066, 'MDC_ECG_V_P_C_RATE', 0, 300],
    ['bodyHeight', 'Body height', 'cm', 188740, 'MDC_LEN_BODY_ACTUAL', 20, 250],
    ['bodyWeight', 'Body weight', 'kg', 188736, 'MDC_MASS_BODY_ACTUAL', 0.2, 500],
    ['pulseRate', 'Pulse rate', '/min', 149530, 'MDC_PULS_OXIM_PULS_RATE', 0, 350],
    ['oxygenSaturation', 'Oxygen saturation', '%', 150456, 'MDC_PULS_OXIM_SAT_O2', 0, 100],
    ['temperature', 'Temperature', '°C', 150344, 'MDC_TEMP', 10, 50],
    ['respiratoryRate', 'Respiratory rate', '/min', 151578, 'MDC_TTHOR_RESP_RATE', 0, 120],
  ] as const
).map(([name, title, unit, code, display, minimum, maximum]) => ({
  name,
  title,
  unit,
  ...(name === 'temperature' && { ucum: 'Cel' }),
  range: { minimum, maximum },
  codes: [{ system: MDC, code: String(code), display }],
}));

const THESIS_STEPS: readonly FeatureStep[] = [
  { window: { samples: 20, samplingInterval: 300, tolerance: 30, longestGap: 900, longestForwardFill: 1800 } },
  { select: SIGNALS.map(({ name }) => name) },
  { standardizeWindow: {} },
];

/** The original pipeline: pivot all that came, the last 20, carry forward, the nine, scaled by the window itself. */
export function thesisManifest(
  name: string,
  changes: {
    readonly window?: object;
    readonly otherSignals?: 'refuse' | 'drop' | 'timestep';
  } = {},
): ModelManifest {
  const [first, ...others] = THESIS_STEPS as [{ window: { samples: number } }, ...FeatureStep[]];
  return {
    schemaVersion: 1,
    name,
    version: '1.0.0',
    title: 'Haemodynamic shock (thesis)',
    task: 'multiclass-classification',
    artifact: { file: 'LSTM--1.0.0.h5', format: 'h5' },
    inputs: [],
    observations: { signals: SIGNALS, otherSignals: changes.otherSignals ?? 'timestep' },
    features: [{ window: { ...first.window, ...changes.window } }, ...others],
    output: {
      classes: [
        { name: 'arresto_cardiaco', title: 'Cardiac arrest' },
        { name: 'bajo_gasto_cardiaco', title: 'Low cardiac output' },
        { name: 'sano', title: 'Healthy' },
        { name: 'shock_cardiogenico', title: 'Cardiogenic shock' },
      ],
    },
  };
}

function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(join(THESIS_FIXTURES, name), 'utf8')) as T;
}

/** The window of the thesis as its client sends it. */
export function thesisTable(): object {
  return fixture('window.json');
}

/** The window of the thesis, in its order; its times are naive, and are taken as UTC. */
export function thesisObservations(): Observation[] {
  const { idSigno, valor, fecRegistro } = fixture<
    Record<'idSigno' | 'valor', Record<string, number>> & { fecRegistro: Record<string, string> }
  >('window.json');
  return Object.keys(idSigno).map((key) => ({
    signal: idSigno[key] as number,
    value: valor[key] as number,
    time: `${fecRegistro[key]?.replace(' ', 'T')}Z`,
  }));
}

/** What Keras 2.15 takes, behind the pipeline, `[3, 20, 9]`, and answers, `[3, 4]`; the first is the thesis' window. */
export function thesisGolden(): { inputs: number[][][]; outputs: number[][]; answeredBy: string } {
  return fixture('model-golden.json');
}

/** What the thesis prints for the window, by class. */
export function thesisAnswer(): { probabilities: Record<string, number>; tolerance: number } {
  const answer = fixture<{
    outputs: Record<string, number>;
    Bajo_Gasto_Cardiaco_computed_in_float64: number;
    tolerance: number;
  }>('expected.json');
  const printed = { ...answer.outputs, Bajo_Gasto_Cardiaco: answer.Bajo_Gasto_Cardiaco_computed_in_float64 };
  const probabilities = Object.fromEntries(Object.entries(printed).map(([name, value]) => [name.toLowerCase(), value]));
  return { probabilities, tolerance: answer.tolerance };
}

/** Writes the version's folder with Keras' own golden rows, and answers its path. */
export function writeThesisVersion(models: string, manifest: ModelManifest): string {
  const folder = join(models, manifest.name, manifest.version);
  mkdirSync(folder, { recursive: true });
  const { inputs, outputs, answeredBy } = thesisGolden();
  const golden = {
    schemaVersion: 1,
    answeredBy: `keras ${answeredBy}`,
    columns: SIGNALS.map(({ name }) => name),
    inputs,
    outputs,
  };
  writeFileSync(join(folder, 'manifest.yaml'), stringify({ ...manifest, inputs: undefined }));
  writeFileSync(join(folder, 'golden.json'), JSON.stringify(golden));
  copyFileSync(join(THESIS_FIXTURES, manifest.artifact.file), join(folder, manifest.artifact.file));
  return folder;
}
