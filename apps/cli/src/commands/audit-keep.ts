/** `latido audit …` but for its verification: the key that signs the record, and how long a month is kept. */
import { createPublicKey } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AuditKey, AuditTrail, KEY_ROTATED, kidOf, newAuditKeyPem, SYSTEM } from '#audit';
import { DataFolder } from '#platform';
import { dropMonth, MonthError } from '#predictions';
import { CommandError, UsageError, type Command, type Outcome } from '../command.js';
import { asOwner } from '../owner.js';
import { withServices } from '../services.js';

export const publicKey: Command = {
  name: 'audit public-key',
  summary: 'Show the public part of the key that signs the record, for those who verify it',
  arguments: [],
  options: {},
  notes: ['Keep it where whoever can write to the database cannot, and give it to `latido audit verify --public-key`.'],
  run({ config }): Promise<Outcome> {
    if (config.audit.key === undefined && !existsSync(join(config.dataDir, 'secrets/audit-key.pem')))
      throw new CommandError(`There is no key in ${config.dataDir} yet. Start Latido once, or set AUDIT_KEY_FILE.`);
    const { kid, publicPem } = new AuditKey(config, new DataFolder(config.dataDir));
    return Promise.resolve({ text: publicPem.trimEnd(), data: { kid, publicKey: publicPem } });
  },
};

export const rotateKey: Command = {
  name: 'audit rotate-key',
  summary: 'Make a new key for the record; the present one vouches for it in the audit trail',
  arguments: [],
  options: {
    out: {
      type: 'string',
      value: 'FILE',
      description: 'Where the new key goes; needed beside AUDIT_KEY_FILE, which then names it',
    },
  },
  notes: [
    'Servers sign with the new key from their next start on. Auditors go on trusting the old public key: it leads to the new one.',
  ],
  async run({ config, options }): Promise<Outcome> {
    const own = config.audit.key === undefined;
    if (!own && options.out === undefined) throw new UsageError('--out FILE is needed beside AUDIT_KEY_FILE');
    const file =
      options.out === undefined ? join(config.dataDir, 'secrets/audit-key.pem') : resolve(String(options.out));
    if (options.out !== undefined && existsSync(file))
      throw new CommandError(`${file} exists already: nothing is overwritten.`);
    const pem = newAuditKeyPem();
    const key = createPublicKey(pem);
    const kid = kidOf(key);
    const draft = `${file}.${kid}`;
    writeFileSync(draft, pem, { mode: 0o600, flag: 'wx' });
    await withServices(config, [], (services) =>
      services.get(AuditTrail).record({
        actor: SYSTEM,
        action: KEY_ROTATED,
        target: { type: 'record', id: kid },
        details: { kid, publicKey: key.export({ type: 'spki', format: 'pem' }).toString() },
      }),
    );
    // Only now: a key that nobody vouches for must not sign.
    renameSync(draft, file);
    const next =
      own && options.out === undefined
        ? 'Restart the servers of this data folder.'
        : `Set AUDIT_KEY_FILE=${file} and restart the servers.`;
    return { text: `The new key is ${kid}, in ${file}. ${next}`, data: { kid, file } };
  },
};

export const dropMonths: Command = {
  name: 'audit drop-month',
  summary: 'Drop a month of the record for good, and say so in the audit trail',
  arguments: [
    { name: 'MONTH', description: 'A month that is over, 2026-01, or `earlier` for all before the first month' },
  ],
  options: {},
  notes: [
    'Predictions, what they say of patients and the request log of the month go; chains and checkpoints stay verifiable. There is no way back but a\nbackup.',
  ],
  async run({ config, arguments: [month] }): Promise<Outcome> {
    try {
      const dropped = await asOwner(config, (manager, trail) => dropMonth(manager, trail, month!));
      return {
        text: `Dropped ${dropped.predictions} predictions and ${dropped.requests} lines of the request log of ${month}.`,
        data: { ...dropped, from: dropped.from.toISOString(), to: dropped.to.toISOString() },
      };
    } catch (error) {
      if (error instanceof MonthError) throw new CommandError(error.message);
      throw error;
    }
  },
};
