/** The file that holds a generated administrator's password until it is changed: mode 0600, in the data folder. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { DataFolder } from '#platform';
import { PasswordHashing } from '../passwords/password-hashing.js';

@Injectable()
export class PasswordFile {
  readonly path: string;

  constructor(
    folder: DataFolder,
    private readonly hashing: PasswordHashing,
  ) {
    this.path = folder.file('admin-password.txt');
  }

  exists(): boolean {
    return existsSync(this.path);
  }

  /** Replaces the file as a whole, so that one left over from a failed start cannot keep its old mode or content. */
  write(password: string): void {
    const draft = `${this.path}.${process.pid}`;
    rmSync(draft, { force: true });
    writeFileSync(draft, `${password}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(draft, this.path);
  }

  /**
   * Removes the file if it is the password of `oldPasswordHash`, which was just replaced: nobody else's change
   * touches it.
   */
  async removeIfHolds(oldPasswordHash: string): Promise<void> {
    const password = this.read();
    if (password !== undefined && (await this.hashing.verify(oldPasswordHash, password)))
      rmSync(this.path, { force: true });
  }

  /** Removes the file if it is this password, which was just replaced: without a hash, which others may have to wait for. */
  removeIfIs(oldPassword: string): void {
    if (this.read() === oldPassword) rmSync(this.path, { force: true });
  }

  private read(): string | undefined {
    try {
      return readFileSync(this.path, 'utf8').trimEnd();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
