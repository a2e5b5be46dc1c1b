/**
 * The older service's `app.log`, for those who parse it: a line for each request on its routes, in the format of Python's logging,
 * `%(asctime)s , %(levelname)s , %(message)s`, with a dictionary for message. Of a URL only the route is told.
 */
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DataFolder } from '#platform';
import { LegacyLogFile } from '../shared/legacy-log-file.js';

const SHOCK_PATH = '/legacy/shock';

export interface AnsweredRequest {
  /** As the older service's clients know it: without what stands before it here, and without a query. */
  readonly url: string;
  readonly method: string;
  readonly receivedAt: Date;
  readonly answeredAt: Date;
  readonly seconds: number;
}

/** One line, with its line feed. Times are local ones, as Python's are. */
export function logLine({ url, method, receivedAt, answeredAt, seconds }: AnsweredRequest): string {
  const [at, date] = [localTime(answeredAt, ','), localTime(receivedAt, '.')];
  return `${at} , INFO , {'url': '${url}', 'method': '${method}', 'date': '${date}000', 'duration': ${pythonFloat(seconds)}}\n`;
}

/** Characters that wait while the disk takes its time. */
const MOST_WAITING = 2 ** 20;

@Injectable()
export class ShockLog implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(ShockLog.name);
  private readonly file: LegacyLogFile;
  /** Lines that wait while others are written. */
  private waiting = '';
  private writing: Promise<void> | undefined;
  private failing = false;
  private dropping = false;

  constructor(
    folder: DataFolder,
    private readonly adapter: HttpAdapterHost,
  ) {
    this.file = new LegacyLogFile(folder, 'shock/app.log');
  }

  onModuleInit(): void {
    this.adapter.httpAdapter?.getInstance<FastifyInstance>().addHook('onResponse', (request, _reply, done) => {
      this.note(request);
      done();
    });
  }

  /** By now all requests are answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.writing;
  }

  private note({ state, method }: FastifyRequest): void {
    const route = state?.route.url;
    if (route === undefined || !(route === SHOCK_PATH || route.startsWith(`${SHOCK_PATH}/`))) return;
    const now = Date.now();
    const url = route.slice(SHOCK_PATH.length) || '/';
    const [answeredAt, receivedAt] = [new Date(now), new Date(now - state.tookMs)];
    this.add(logLine({ url, method, receivedAt, answeredAt, seconds: state.tookMs / 1_000 }));
  }

  private add(line: string): void {
    if (this.waiting.length + line.length <= MOST_WAITING) {
      this.waiting += line;
      this.writing ??= this.write();
      return;
    }
    if (!this.dropping) this.logger.error('app.log is written too slowly: lines are lost meanwhile');
    this.dropping = true;
  }

  private async write(): Promise<void> {
    while (this.waiting !== '') {
      const lines = this.waiting;
      this.waiting = '';
      try {
        await this.file.append(lines);
        this.failing = false;
        this.dropping = false;
      } catch (error) {
        if (!this.failing) this.logger.error({ err: error }, 'app.log cannot be written: its lines are lost meanwhile');
        this.failing = true;
      }
    }
    this.writing = undefined;
  }
}

/** `2024-01-31 12:00:00,123` */
function localTime(date: Date, beforeMs: string): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${day} ${clock}${beforeMs}${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** To the microsecond, as Python's `repr` writes a float: one digit after the point at least. */
function pythonFloat(number: number): string {
  return number.toFixed(6).replace(/0{1,5}$/, '');
}
