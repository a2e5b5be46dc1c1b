import { Controller, Post, Req, Res } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HEADER_LENGTH } from '#inference';
import { Authenticated, Costs, Direct, headerText, ReadsBytes, ReadsUpTo } from '#platform';
import { originOf, serverTiming } from '#predictions';
import { acceptedEncoding, compressed } from './infer-response.js';
import { InferenceService, type InferCall, type Inferred } from './inference.service.js';
import { RefusesAsOip } from './oip-error.filter.js';
import { ApiInference, OIP_TAG } from './oip.openapi.js';

/** As of a prediction in JSON. */
const LARGEST_BODY_BYTES = 16 * 1024 * 1024;

type InferHttpRequest = FastifyRequest<{ Params: { model: string; version?: string }; Body: Buffer }>;

@ApiTags(OIP_TAG)
@Controller('v2/models/:model')
export class InferenceController {
  constructor(private readonly inference: InferenceService) {}

  /** Predicts by the active version, from tensors. The prediction is recorded before it is answered. */
  @Post('infer')
  @Direct()
  @Authenticated()
  @Costs('request')
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @ReadsBytes()
  @RefusesAsOip()
  @ApiParam({ name: 'model', example: 'cardiac-risk' })
  @ApiInference()
  infer(@Req() request: InferHttpRequest, @Res() reply: FastifyReply): void {
    this.inference.infer(callOf(request)).then(
      (inferred) => sendInferred(request, reply, inferred),
      (error: unknown) => void reply.send(error),
    );
  }

  /** Predicts by the version named, from tensors. The prediction is recorded before it is answered. */
  @Post('versions/:version/infer')
  @Direct()
  @Authenticated()
  @Costs('request')
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @ReadsBytes()
  @RefusesAsOip()
  @ApiParam({ name: 'version', example: '1.0.0' })
  @ApiParam({ name: 'model', example: 'cardiac-risk' })
  @ApiInference()
  inferByVersion(@Req() request: InferHttpRequest, @Res() reply: FastifyReply): void {
    this.infer(request, reply);
  }
}

function callOf(request: InferHttpRequest): InferCall {
  const { state, params, body, headers } = request;
  return {
    ...originOf(request),
    state,
    model: params.model,
    version: params.version,
    body: body ?? Buffer.alloc(0),
    headerLength: headers[HEADER_LENGTH]?.toString(),
  };
}

async function sendInferred(
  { state, headers }: InferHttpRequest,
  reply: FastifyReply,
  { message: { bytes, headerLength }, serving }: Inferred,
): Promise<void> {
  const encoding = acceptedEncoding(headers['accept-encoding']);
  const body = encoding ? await compressed(bytes, encoding) : bytes;
  void reply
    .code(200)
    .header('content-type', headerLength === undefined ? 'application/json; charset=utf-8' : 'application/octet-stream')
    .header('vary', 'accept-encoding')
    .header('server-timing', serverTiming(state.timings));
  if (encoding) void reply.header('content-encoding', encoding);
  if (headerLength !== undefined) void reply.header(HEADER_LENGTH, String(headerLength));
  const { notice } = serving.manifest;
  if (notice !== undefined) void reply.header('x-model-notice', headerText(notice));
  void reply.send(body);
}
