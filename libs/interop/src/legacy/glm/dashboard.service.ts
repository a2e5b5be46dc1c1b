/** Requests over time of the prediction route, from the request log. */
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RequestLogRepository, type RouteMinute } from '#audit';
import { LatidoConfig, type Principal } from '#platform';
import { LegacyPredictions } from '../shared/legacy-predictions.js';
import { DASHBOARD_POLICY, dashboardPage } from './dashboard-page.js';
import { trafficBars } from './traffic-series.js';

export const PREDICT_ROUTE = '/legacy/glm/predict';

const MINUTES = 60;
const HOURS = 24;
const DAY_MS = HOURS * 60 * 60_000;
/** One look at the log does for all who look at the page so soon after each other: a busy server's log of a day is long. */
const FRESH_MS = 2_000;

@Injectable()
export class GlmDashboard {
  private read: { readonly atMs: number; readonly minutes: Promise<RouteMinute[]> } | undefined;

  constructor(
    private readonly config: LatidoConfig,
    private readonly predictions: LegacyPredictions,
    private readonly requests: RequestLogRepository,
  ) {}

  /** For those who may ask for predictions. @throws AUTHENTICATION_REQUIRED */
  async page(caller: Principal, reply: FastifyReply): Promise<string> {
    this.predictions.requireOpen(caller, this.config.legacy.glmModel);
    const now = new Date();
    const minutes = await this.minutesUntil(now);
    void reply.header('content-security-policy', DASHBOARD_POLICY).type('text/html; charset=utf-8');
    return dashboardPage(trafficBars(minutes, now, 1, MINUTES), trafficBars(minutes, now, 60, HOURS), now);
  }

  private minutesUntil(now: Date): Promise<RouteMinute[]> {
    const atMs = performance.now();
    if (this.read && atMs - this.read.atMs < FRESH_MS) return this.read.minutes;
    const minutes = this.requests.perMinute('POST', PREDICT_ROUTE, new Date(now.getTime() - DAY_MS));
    this.read = { atMs, minutes };
    // The next look asks again.
    minutes.catch(() => (this.read = undefined));
    return minutes;
  }
}
