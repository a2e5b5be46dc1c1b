/** Prometheus metrics of the process. Labels are bounded: route patterns, statuses, model names; never ids or values. */
import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Distribution, type DistributionTally } from './distribution.js';

/** From a tenth of a millisecond to five seconds. */
const LATENCY_BUCKETS_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
];

@Injectable()
export class Metrics {
  readonly registry = new Registry();

  private gather: (() => Promise<Registry>) | undefined;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** This process is one of several that are scraped as one: `gather` answers the metrics of all. */
  gatheredBy(gather: () => Promise<Registry>): void {
    this.gather = gather;
  }

  /** What is told to those who ask: the metrics of this process, or of all those it is one of. */
  async collect(): Promise<Registry> {
    return this.gather ? this.gather() : this.registry;
  }

  counter<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    buckets = LATENCY_BUCKETS_SECONDS,
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames: [...labelNames], buckets, registers: [this.registry] });
  }

  /** A histogram for what every request observes. */
  distribution(name: string, help: string, label: string, buckets = LATENCY_BUCKETS_SECONDS): Distribution {
    return new Distribution({ name, help, label, buckets }, this.registry);
  }

  /** A counter read when it is scraped: all of its values. */
  tallied<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: () => Iterable<readonly [Record<Label, string | number>, number]>,
  ): Counter<Label> {
    return new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.inc(labels, value);
      },
    });
  }

  /**
   * A gauge read when it is scraped.
   * @param aggregator what becomes of the values of several processes that are scraped as one
   */
  gauge(name: string, help: string, read: () => number, aggregator: 'sum' | 'min' | 'max' = 'sum'): Gauge {
    return new Gauge({
      name,
      help,
      aggregator,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}

/** Answers to one method of one route. */
interface Answers {
  readonly byStatus: Map<number, number>;
  readonly seconds: DistributionTally;
}

/** Counts answers and measures their duration by route pattern and status. */
export function registerHttpMetrics(fastify: FastifyInstance, metrics: Metrics): void {
  /** By the route's config, which is one object for each method of a route, but for routes that there are not. */
  const routes = new Map<object, { readonly route: string; readonly methods: Map<string, Answers> }>();
  function* counts(): Iterable<[Record<'method' | 'route' | 'status', string | number>, number]> {
    for (const { route, methods } of routes.values())
      for (const [method, { byStatus }] of methods)
        for (const [status, count] of byStatus) yield [{ method, route, status }, count];
  }
  metrics.tallied('latido_http_requests_total', 'Requests answered', ['method', 'route', 'status'], counts);
  const duration = metrics.distribution('latido_http_request_duration_seconds', 'Time from request to answer', 'route');
  const newAnswers = (config: object, url: string | undefined, method: string): Answers => {
    const found = routes.get(config) ?? { route: url ?? 'unknown', methods: new Map<string, Answers>() };
    routes.set(config, found);
    const answers: Answers = { byStatus: new Map(), seconds: duration.of(found.route) };
    found.methods.set(method, answers);
    return answers;
  };
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method, state } = request;
    const { statusCode } = reply;
    const { config, url } = state?.route ?? request.routeOptions;
    const answers = routes.get(config)?.methods.get(method) ?? newAnswers(config, url, method);
    answers.byStatus.set(statusCode, (answers.byStatus.get(statusCode) ?? 0) + 1);
    answers.seconds.observe((state?.tookMs ?? reply.elapsedTime) / 1000);
    done();
  });
}
