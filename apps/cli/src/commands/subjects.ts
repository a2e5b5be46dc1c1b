/** `latido subjects erase REFERENCE`: takes a patient out of the record, and its proofs still hold. */
import type { EntityManager } from 'typeorm';
import { eraseSubject } from '#predictions';
import { nameKey } from '#users';
import { CommandError, type Command, type Outcome } from '../command.js';
import { asOwner } from '../owner.js';

export const eraseSubjects: Command = {
  name: 'subjects erase',
  summary: 'Erase what the record says of a patient; that something was predicted, and its proof, remain',
  arguments: [
    { name: 'REFERENCE', description: "The client's own reference of the patient: `subject` in its requests" },
  ],
  options: {
    user: {
      type: 'string',
      value: 'NAME',
      description: 'Only in the predictions of this user (name or e-mail address); left out: in all',
    },
  },
  notes: [
    'Erased are the rows as they were sent, their scores, labels and the reference itself. Backups and copies of the database are not reached:\nerase there too, or wait for their end.',
  ],
  async run({ config, arguments: [subject], options }): Promise<Outcome> {
    const outcome = await asOwner(config, async (manager, trail) => {
      const userId = options.user === undefined ? undefined : await userIdOf(manager, String(options.user));
      return eraseSubject(manager, trail, { subject: subject!, ...(userId !== undefined && { userId }) });
    });
    return {
      text:
        outcome.id === undefined
          ? 'The record holds nothing of this patient.'
          : `Erased ${outcome.rows} rows of ${outcome.predictions} predictions. The audit trail tells of it under ${outcome.id}.`,
      data: { ...outcome, id: outcome.id ?? null },
    };
  },
};

async function userIdOf(manager: EntityManager, name: string): Promise<string> {
  const [user] = await manager.query<{ id: string }[]>(
    'SELECT id FROM users WHERE email_key = $1 OR username_key = $1',
    [nameKey(name)],
  );
  if (!user) throw new CommandError(`There is no account called ${name}.`);
  return user.id;
}
