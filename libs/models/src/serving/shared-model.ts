/** A model in memory that many requests run, and that may be let go at any time: it goes when nothing runs on it. */
import type { EngineIdentity, LoadedModel, ModelInput, ModelOutput, RunCost, TensorBatch } from '#inference';

export class SharedModel implements LoadedModel {
  readonly engine: EngineIdentity;
  readonly inputs: readonly ModelInput[];
  readonly outputs: readonly ModelOutput[];
  readonly classes?: readonly string[];
  readonly cost: RunCost;
  private model: LoadedModel | undefined;
  private loading: Promise<LoadedModel> | undefined;
  private running = 0;
  private released = false;

  /** @param reload loads the same model again, for a request that still holds it after it was let go */
  constructor(
    model: LoadedModel,
    private readonly reload: () => Promise<LoadedModel>,
  ) {
    this.model = model;
    this.engine = model.engine;
    this.inputs = model.inputs;
    this.outputs = model.outputs;
    this.cost = model.cost;
    if (model.classes) this.classes = model.classes;
  }

  /** Whether it occupies an engine's memory. */
  get inMemory(): boolean {
    return this.model !== undefined;
  }

  get memoryBytes(): number {
    return this.model?.memoryBytes ?? 0;
  }

  async run(batch: TensorBatch): Promise<Float32Array[]> {
    this.running += 1;
    try {
      const model = this.model ?? (await this.again());
      return await model.run(batch);
    } finally {
      this.running -= 1;
      if (this.released && this.running === 0) await this.free();
    }
  }

  /** Lets the model go as soon as what runs on it is done. A later `run` still answers, at the price of a load. */
  async dispose(): Promise<void> {
    this.released = true;
    if (this.running === 0) await this.free();
  }

  private again(): Promise<LoadedModel> {
    this.loading ??= this.reload().then(
      (model) => {
        this.loading = undefined;
        this.model = model;
        return model;
      },
      (error: unknown) => {
        this.loading = undefined;
        throw error;
      },
    );
    return this.loading;
  }

  private async free(): Promise<void> {
    const { model } = this;
    this.model = undefined;
    await model?.dispose();
  }
}
