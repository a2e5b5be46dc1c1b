import {
  compileResultWriter,
  isRecordedTensorRow,
  readRecordedTensorRow,
  Scorer,
  SharedRuns,
  type EngineIdentity,
  type EngineInput,
  type FaultSink,
  type FeatureRow,
  type ModelManifest,
  type PredictionResult,
  type ResultWriter,
  type Scores,
} from '#inference';
import { compileRowReader, type RowReader } from '../manifest/row-validator.js';
import type { ServingVersion } from '../serving-version.js';
import type { ModelVersion } from '../storage/model-version.entity.js';
import type { SharedModel } from './shared-model.js';

/** A version with its model in memory, its schema and its pipeline compiled. */
export class LoadedVersion implements ServingVersion {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly manifest: ModelManifest;
  readonly engine: Pick<EngineIdentity, 'name' | 'version'>;
  readonly processor: string;
  private readonly scorer: Scorer;
  private readonly runs: Pick<Scorer, 'score'>;
  private readonly readRow: RowReader;
  readonly writeResult: ResultWriter;

  /** @throws MODEL_DOES_NOT_FIT where manifest and model disagree */
  constructor(
    { id, modelName, version, manifest }: Pick<ModelVersion, 'id' | 'modelName' | 'version' | 'manifest'>,
    private readonly shared: SharedModel,
    readonly batchInvariant: boolean,
  ) {
    this.id = id;
    this.model = modelName;
    this.version = version;
    this.manifest = manifest;
    this.engine = { name: shared.engine.name, version: shared.engine.version };
    this.processor = shared.engine.processor;
    this.scorer = new Scorer(manifest, shared);
    this.runs = batchInvariant ? new SharedRuns(this.scorer) : this.scorer;
    this.writeResult = compileResultWriter(manifest);
    this.readRow = compileRowReader(manifest, this.scorer.features);
  }

  get engineInputs(): readonly EngineInput[] {
    return this.scorer.engineInputs;
  }

  get inMemory(): boolean {
    return this.shared.inMemory;
  }

  /** What the model occupies now. */
  get memoryBytes(): number {
    return this.shared.memoryBytes;
  }

  read(row: unknown, pointer: string, faults: FaultSink): FeatureRow | undefined {
    return this.readRow(row, pointer, faults);
  }

  readRecorded(row: unknown, pointer: string, faults: FaultSink): FeatureRow | undefined {
    return isRecordedTensorRow(row)
      ? readRecordedTensorRow(row, this.engineInputs, pointer, faults)
      : this.read(row, pointer, faults);
  }

  score(rows: readonly FeatureRow[]): Promise<Scores> {
    return this.runs.score(rows);
  }

  decode(scores: ArrayLike<number>): PredictionResult {
    return this.scorer.decode(scores);
  }

  /** Lets the model go when the requests that run on it are done. */
  release(): Promise<void> {
    return this.shared.dispose();
  }
}
