/** `latido users …`: what an operator does for people who cannot sign in (yet). */
import { UsageError, type Command, type Outcome } from '../command.js';
import { withServices } from '../services.js';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 7;
const MOST_DAYS = 365;

export const inviteUser: Command = {
  name: 'users invite',
  summary: 'Make a code that lets one person register (REGISTRATION=invite)',
  arguments: [],
  options: {
    days: {
      type: 'string',
      value: 'N',
      description: `How long it holds: 1 to ${MOST_DAYS} days, ${DEFAULT_DAYS} unless given`,
    },
  },
  notes: ['The code is shown here once and stored as a hash; it is the field "invitation" of POST /v1/users.'],
  async run({ config, options }): Promise<Outcome> {
    const days = Number(options.days ?? DEFAULT_DAYS);
    if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS)
      throw new UsageError(`--days must be a whole number from 1 to ${MOST_DAYS}`);
    const { AuthModule, Invitations } = await import('#auth');
    const { UsersModule } = await import('#users');
    const expiresAt = new Date(Date.now() + days * DAY_MS);
    const code = await withServices(config, [UsersModule, AuthModule], (services) =>
      services.get(Invitations).create(days * DAY_MS),
    );
    return {
      text: `${code}\nHolds until ${expiresAt.toISOString()}, for one registration.`,
      data: { code, expiresAt: expiresAt.toISOString() },
    };
  },
};

export const resetPassword: Command = {
  name: 'users reset-password',
  summary: 'Give an account a new password and end all its sessions',
  arguments: [{ name: 'NAME', description: "The account's user name or e-mail address" }],
  options: {},
  notes: [
    'The password is generated and shown here once. It must be changed at the next sign-in. API keys stay valid.',
  ],
  async run({ config, arguments: [name] }): Promise<Outcome> {
    const { Accounts, AuthModule, generatePassword } = await import('#auth');
    const { UsersModule } = await import('#users');
    const password = generatePassword();
    const { id } = await withServices(config, [UsersModule, AuthModule], (services) =>
      services.get(Accounts).setPassword(name!, password),
    );
    return {
      text: `New password of ${name}: ${password}\nIt must be changed at the next sign-in.`,
      data: { id, name, password },
    };
  },
};
