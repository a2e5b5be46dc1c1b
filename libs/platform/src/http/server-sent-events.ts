/** Server-sent events (WHATWG HTML §9.2): answers that go on, until all is said, the client leaves or the server stops. */
import { once } from 'node:events';
import { finished, PassThrough } from 'node:stream';
import { Injectable, Logger, StreamableFile, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { toProblem } from './problem.filter.js';

export const EVENT_STREAM = 'text/event-stream';

/** Proxies end connections on which nothing is said. */
const SAY_SOMETHING_MS = 15_000;
/** How long a client may take for what it has not read yet when the server stops. */
const FINISH_WITHIN_MS = 1_000;

export interface ServerSentEvent {
  /** Its name: one word. */
  readonly event: string;
  /** Sent as JSON. */
  readonly data: object;
}

/** Whether a client asks for events: it must name them, because clients that take anything expect JSON. */
export function acceptsEvents(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === EVENT_STREAM && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

function textOf({ event, data }: ServerSentEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

@Injectable()
export class ServerSentEvents implements OnModuleInit {
  private readonly logger = new Logger('http');
  private readonly open = new Map<FastifyReply, AbortController>();

  constructor(private readonly adapter: HttpAdapterHost) {}

  onModuleInit(): void {
    // Fastify waits for answers that are being sent, and these would go on.
    this.adapter.httpAdapter?.getInstance<FastifyInstance>().addHook('preClose', (done) => {
      for (const gone of this.open.values()) gone.abort();
      setTimeout(() => {
        for (const reply of this.open.keys()) reply.raw.destroy();
      }, FINISH_WITHIN_MS).unref();
      done();
    });
  }

  /**
   * Answers with the events. What they throw is told as a last event `failed`, whose data is the problem: the status is sent by then.
   * @param begin is given a signal that is aborted when nobody listens any more. What it throws itself is answered as any refusal is.
   */
  answer(reply: FastifyReply, begin: (gone: AbortSignal) => AsyncIterable<ServerSentEvent>): StreamableFile {
    const gone = new AbortController();
    const events = begin(gone.signal);
    const stream = new PassThrough();
    const alive = setInterval(() => {
      if (!stream.writableNeedDrain) stream.write(': still there\n\n');
    }, SAY_SOMETHING_MS);
    this.open.set(reply, gone);
    finished(reply.raw, () => {
      clearInterval(alive);
      this.open.delete(reply);
      gone.abort();
    });
    void this.send(events, stream, gone.signal, reply.request.id);
    // nginx would keep events back until a buffer is full.
    void reply.header('x-accel-buffering', 'no');
    return new StreamableFile(stream, { type: `${EVENT_STREAM}; charset=utf-8` });
  }

  /** Never throws. */
  private async send(
    events: AsyncIterable<ServerSentEvent>,
    stream: PassThrough,
    gone: AbortSignal,
    requestId: string,
  ): Promise<void> {
    try {
      for await (const event of events) {
        if (gone.aborted) break;
        if (!stream.write(textOf(event))) await once(stream, 'drain', { signal: gone });
      }
    } catch (error) {
      if (!gone.aborted) stream.write(textOf(this.failure(error, requestId)));
    }
    stream.end();
  }

  private failure(error: unknown, requestId: string): ServerSentEvent {
    const { status, body } = toProblem(error, requestId);
    if (status === 500) this.logger.error({ requestId, err: error }, 'unexpected error');
    return { event: 'failed', data: body };
  }
}
