/** The data folder: what must survive a restart and is not in the database. Secrets in it are readable by their owner alone. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class DataFolder {
  constructor(readonly path: string) {
    // Traversable, because the embedded Postgres may run as another user; the secrets below are not readable to it.
    mkdirSync(path, { recursive: true, mode: 0o755 });
    mkdirSync(join(path, 'secrets'), { recursive: true, mode: 0o700 });
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /**
   * The secret's text, made with `generate` and stored (mode 0600) when it is not there yet.
   * Two processes that ask at once get the same one: the file appears whole or not at all.
   */
  secret(name: string, generate: () => string = () => randomBytes(24).toString('base64url')): string {
    const path = join(this.path, 'secrets', name);
    if (!existsSync(path)) {
      const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
      writeFileSync(draft, generate(), { mode: 0o600 });
      try {
        linkSync(draft, path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      } finally {
        rmSync(draft, { force: true });
      }
    }
    return readFileSync(path, 'utf8');
  }
}
