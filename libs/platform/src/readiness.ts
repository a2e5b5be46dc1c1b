/** What must work for the server to be ready. Each lib adds its own check. */
import { Injectable } from '@nestjs/common';

/** Resolves when all is well; rejects with why not. */
export type ReadinessCheck = () => Promise<void>;

export interface ReadinessReport {
  readonly status: 'ready' | 'not ready';
  readonly checks: Readonly<Record<string, 'ok' | 'failing'>>;
}

const CHECK_TIMEOUT_MS = 3_000;

@Injectable()
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();

  add(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  async report(): Promise<ReadinessReport> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]) => {
        const timeout = new Promise<never>((_, reject) =>
          setTimeout(() => reject(new Error('timeout')), CHECK_TIMEOUT_MS).unref(),
        );
        return [
          name,
          await Promise.race([check(), timeout]).then(
            () => 'ok' as const,
            () => 'failing' as const,
          ),
        ] as const;
      }),
    );
    return {
      status: entries.every(([, state]) => state === 'ok') ? 'ready' : 'not ready',
      checks: Object.fromEntries(entries),
    };
  }
}
