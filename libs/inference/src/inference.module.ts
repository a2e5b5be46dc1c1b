/** Provides the engines to the model registry. */
import { Logger, Module } from '@nestjs/common';
import { LatidoConfig } from '#platform';
import { InferenceEngines } from './inference-engines.js';

@Module({
  providers: [
    {
      provide: InferenceEngines,
      inject: [LatidoConfig],
      useFactory: (config: LatidoConfig) => {
        const logger = new Logger('Inference');
        return new InferenceEngines(config.inference.engine, (line) => logger.log(line));
      },
    },
  ],
  exports: [InferenceEngines],
})
export class InferenceModule {}
