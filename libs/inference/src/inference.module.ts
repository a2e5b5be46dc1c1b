/** Provides the engines to the model registry. */
import { Logger, Module } from '@nestjs/common';
import { LatidoConfig } from '#platform';
import { kerasImporter } from './import/keras-importer.js';
import { InferenceEngines } from './inference-engines.js';

@Module({
  providers: [
    {
      provide: InferenceEngines,
      inject: [LatidoConfig],
      useFactory: (config: LatidoConfig) => {
        const logger = new Logger('Inference');
        const { engine, threads, imports, remote } = config.inference;
        kerasImporter.configure(imports);
        return new InferenceEngines(engine, (line) => logger.log(line), threads, remote);
      },
    },
  ],
  exports: [InferenceEngines],
})
export class InferenceModule {}
