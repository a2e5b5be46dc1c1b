/**
 * Log files of older services that hold what was sent: only where the operator wants them (LEGACY_FILE_LOGS), and never for a model
 * whose inputs may tell of patients.
 */
import { Logger } from '@nestjs/common';
import type { ServingVersion } from '#models';
import { DomainError, type DataFolder, type LatidoConfig } from '#platform';
import { LegacyLogFile } from './legacy-log-file.js';
import { legacyErrors } from './legacy.errors.js';

export class InputLog {
  private readonly logger = new Logger('legacy');
  private readonly file: LegacyLogFile | undefined;
  /** Models for which it was said that none is kept. */
  private readonly refused = new Set<string>();

  /** @param name such as `penguins/predictions.log`, below DATA_DIR/legacy; `header` is the first line of a new file */
  constructor(
    config: LatidoConfig,
    folder: DataFolder,
    private readonly name: string,
    header = '',
  ) {
    this.file = config.legacy.fileLogs ? new LegacyLogFile(folder, name, { header }) : undefined;
  }

  /**
   * Writes what is to be kept of a prediction by this version. Resolves when it is in the file.
   * @param lines made only where they are kept; each ends with a line feed
   * @throws LEGACY_LOG_UNAVAILABLE
   */
  async write({ model, manifest }: ServingVersion, lines: () => string): Promise<void> {
    if (!this.file) return;
    if (manifest.clinical !== false) {
      this.sayRefused(model);
      return;
    }
    try {
      await this.file.append(lines());
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new DomainError(
        legacyErrors.LEGACY_LOG_UNAVAILABLE,
        `The log file ${this.name} cannot be written (${code ?? 'unknown reason'}).`,
        { cause: error, headers: { 'retry-after': '10' } },
      );
    }
  }

  private sayRefused(model: string): void {
    if (this.refused.has(model)) return;
    this.refused.add(model);
    this.logger.warn(
      { model, file: this.name },
      'no log file is kept for this model: its manifest does not say clinical: false',
    );
  }
}
