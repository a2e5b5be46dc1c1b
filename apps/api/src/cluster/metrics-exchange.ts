/**
 * Metrics over the channel between a primary and its workers: a worker that is asked for /metrics asks the primary, which asks all
 * workers, itself included, and hands back what each of them has counted.
 */
import type { Worker } from 'node:cluster';
import { cumulativePart, mergeMetrics, type Metrics, type MetricSnapshot } from '#platform';

/** What is sent either way. `question` is the asker's number for it. */
type Message =
  | { readonly latido: 'metrics-of-all' | 'metrics-of-one'; readonly question: number }
  | { readonly latido: 'metrics'; readonly question: number; readonly snapshots: MetricSnapshot[] };

/** A worker that does not answer for so long is counted as it was last seen. */
const WORKER_ANSWERS_WITHIN_MS = 1_000;
const PRIMARY_ANSWERS_WITHIN_MS = 3_000;

/** Questions that wait for their answers, one side's. */
class Questions {
  private next = 0;
  private readonly waiting = new Map<number, (snapshots: MetricSnapshot[]) => void>();

  /** Rejects when no answer comes in time. */
  ask(send: (question: number) => void, withinMs: number): Promise<MetricSnapshot[]> {
    const question = (this.next += 1);
    return new Promise<MetricSnapshot[]>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no metrics within ${withinMs} ms`)), withinMs);
      this.waiting.set(question, (snapshots) => {
        clearTimeout(timer);
        resolve(snapshots);
      });
      send(question);
    }).finally(() => this.waiting.delete(question));
  }

  answer(question: number, snapshots: MetricSnapshot[]): void {
    this.waiting.get(question)?.(snapshots);
  }
}

function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'latido' in message;
}

/** The worker's side: tells its own metrics when asked, and asks for those of all when somebody scrapes it. */
export function exchangeMetrics(metrics: Metrics): void {
  const questions = new Questions();
  const send = (message: Message): void => void process.send?.(message);
  process.on('message', (message: unknown) => {
    if (!isMessage(message)) return;
    if (message.latido === 'metrics') questions.answer(message.question, message.snapshots);
    if (message.latido !== 'metrics-of-one') return;
    const { question } = message;
    void metrics.registry.getMetricsAsJSON().then((snapshot) => {
      if (process.connected) send({ latido: 'metrics', question, snapshots: [snapshot] });
    });
  });
  metrics.gatheredBy(async () =>
    mergeMetrics(
      await questions.ask((question) => send({ latido: 'metrics-of-all', question }), PRIMARY_ANSWERS_WITHIN_MS),
    ),
  );
}

/** The primary's side. */
export class WorkersMetrics {
  private readonly questions = new Questions();
  private readonly workers = new Map<Worker, MetricSnapshot>();
  /** What workers that have ended had counted when they were last asked. */
  private ended: MetricSnapshot[] = [];

  /** @param ownSnapshot what the primary itself has to tell */
  constructor(private readonly ownSnapshot: () => Promise<MetricSnapshot>) {}

  /** Listens to a worker, until it ends. */
  add(worker: Worker): void {
    this.workers.set(worker, []);
    worker.on('message', (message: unknown) => {
      if (!isMessage(message)) return;
      if (message.latido === 'metrics') this.questions.answer(message.question, message.snapshots);
      if (message.latido === 'metrics-of-all') void this.answer(worker, message.question);
    });
    worker.once('exit', () => {
      this.ended.push(cumulativePart(this.workers.get(worker) ?? []));
      this.workers.delete(worker);
    });
  }

  private async answer(asker: Worker, question: number): Promise<void> {
    await Promise.all([...this.workers.keys()].map((worker) => this.ask(worker)));
    if (this.ended.length > 1) this.ended.push(await mergeMetrics(this.ended.splice(0)).getMetricsAsJSON());
    const snapshots = [...this.workers.values(), ...this.ended, await this.ownSnapshot()];
    if (asker.isConnected()) asker.send({ latido: 'metrics', question, snapshots } satisfies Message);
  }

  private async ask(worker: Worker): Promise<void> {
    const send = (question: number): void => {
      if (worker.isConnected()) worker.send({ latido: 'metrics-of-one', question } satisfies Message);
    };
    const told = await this.questions.ask(send, WORKER_ANSWERS_WITHIN_MS).catch(() => undefined);
    // One that has ended meanwhile has been added to those.
    if (told?.[0] && this.workers.has(worker)) this.workers.set(worker, told[0]);
  }
}
