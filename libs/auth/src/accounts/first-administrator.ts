/** Makes the first administrator when there is none: once, however many replicas start together. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SYSTEM } from '#audit';
import { LatidoConfig } from '#platform';
import { UsersService } from '#users';
import { randomBase62 } from '../base62.js';
import { isCommonPassword } from '../passwords/common-passwords.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { PasswordFile } from './password-file.js';
import { Registration } from './registration.js';

/** Advisory lock "latido first administrator". */
const FIRST_ADMINISTRATOR_LOCK = 4_702_111_234_003;
const USERNAME = 'admin';
const GENERATED_LENGTH = 24;

/** 143 random bits, nothing that a shell would read otherwise. */
export function generatePassword(): string {
  return randomBase62(GENERATED_LENGTH);
}

export interface FirstAdministratorResult {
  readonly created: boolean;
  /** Where the generated password is, and what it is: for a terminal, never for a log. */
  readonly passwordFile?: string;
  readonly password?: string;
}

@Injectable()
export class FirstAdministrator {
  constructor(
    private readonly users: UsersService,
    private readonly registration: Registration,
    private readonly hashing: PasswordHashing,
    private readonly passwordFile: PasswordFile,
    private readonly dataSource: DataSource,
    private readonly config: LatidoConfig,
  ) {}

  /**
   * With ADMIN_PASSWORD that password, good as it is; else a generated one that must be changed at first sign-in.
   * @throws Error when ADMIN_PASSWORD is a common password; ACCOUNT_EXISTS when ADMIN_EMAIL or the name `admin` is
   * somebody else's.
   */
  async ensure(): Promise<FirstAdministratorResult> {
    if (await this.users.administratorExists(this.dataSource.manager)) return this.found();
    const { adminEmail, adminPassword } = this.config.auth;
    if (adminPassword !== undefined && isCommonPassword(adminPassword)) {
      throw new Error(
        'ADMIN_PASSWORD is one of the most common passwords, or a common word with digits around it. Example: ADMIN_PASSWORD=three small green boats',
      );
    }
    const password = adminPassword ?? generatePassword();
    const generated = adminPassword === undefined;
    const passwordHash = await this.hashing.hash(password);
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [FIRST_ADMINISTRATOR_LOCK]);
      if (await this.users.administratorExists(manager)) return this.found();
      await this.registration.add(
        { username: USERNAME, email: adminEmail, role: 'admin' },
        { passwordHash, mustChange: generated },
        { actor: SYSTEM },
        manager,
      );
      if (!generated) return { created: true };
      // Before the commit: an administrator whose password nobody has could not be made again.
      this.passwordFile.write(password);
      return { created: true, passwordFile: this.passwordFile.path, password };
    });
  }

  /** There is one already; its first password may still wait in the file, after a start that got no further, say. */
  private found(): FirstAdministratorResult {
    return { created: false, ...(this.passwordFile.exists() ? { passwordFile: this.passwordFile.path } : {}) };
  }
}
