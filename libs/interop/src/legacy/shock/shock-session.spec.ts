/** A session of the older shock service's client, replayed from beginning to end. */
import { it } from 'vitest';
import { accountsDatabase, PASSWORD } from '../../../../../test/setup/accounts-server.js';
import { startLegacyServer } from '../../../../../test/setup/legacy-server.js';
import { recordedSession, replaySession } from '../../../../../test/setup/recorded-session.js';
import { OTHER_SIGNALS, SHOCK_SIGNALS, shockRows, shockTable } from '../../../../../test/setup/shock-table.js';

const UNKNOWN = { ...shockRows(1)[0]!, valor: 'UNKNOWN' };

const database = await accountsDatabase();

it('answers its client as the older service did', { timeout: 180_000 }, async () => {
  const server = await startLegacyServer(database, ['shock']);
  const signals = [...SHOCK_SIGNALS, ...OTHER_SIGNALS];
  const ward = [4711, 815].flatMap((idAtencion) => shockRows().map((row) => ({ ...row, idAtencion })));
  await replaySession(server, recordedSession('shock'), '/legacy/shock', {
    password: PASSWORD,
    passwordInForm: encodeURIComponent(PASSWORD),
    twelveHours: shockTable(shockRows(144, signals), 4711),
    withNaN: JSON.stringify(shockTable([...shockRows(20, signals), UNKNOWN], 4711)).replace('"UNKNOWN"', 'NaN'),
    ward: shockTable(ward),
    firstHour: shockTable(shockRows(12, signals), 815),
  });
});
