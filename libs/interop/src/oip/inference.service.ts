/** Inference by the Open Inference Protocol: a prediction like any other, in another form. */
import { Injectable } from '@nestjs/common';
import type { WrittenMessage } from '#inference';
import type { ServingVersion } from '#models';
import { PredictionsService, type RowsCall } from '#predictions';
import { readInferRequest, refusingFaults } from './infer-request.js';
import { requireOutputs, writeInferResponse } from './infer-response.js';
import { onePatient, readRows } from './tensor-rows.js';

export interface InferCall extends Omit<RowsCall, 'read' | 'subject'> {
  readonly body: Uint8Array;
  /** As the header has it. */
  readonly headerLength: string | undefined;
}

export interface Inferred {
  readonly message: WrittenMessage;
  readonly serving: ServingVersion;
}

@Injectable()
export class InferenceService {
  constructor(private readonly predictions: PredictionsService) {}

  /**
   * Recorded before it is answered, as `PredictionsService.predict` does.
   * @throws INFERENCE_REQUEST_INVALID before a version is asked for; else as `PredictionsService.predictRows`
   */
  async infer({ body, headerLength, ...call }: InferCall): Promise<Inferred> {
    const request = readInferRequest(body, headerLength);
    const outcome = await this.predictions.predictRows({
      ...call,
      subject: onePatient(request.tensors),
      read: (serving, mostRows) =>
        refusingFaults(() => {
          requireOutputs(request, serving.manifest);
          return readRows(request.tensors, serving, mostRows);
        }),
    });
    return { message: writeInferResponse(request, outcome), serving: outcome.serving };
  }
}
