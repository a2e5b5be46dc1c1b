/** The one active model of the older service on several servers, and while several people move it. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { accountsDatabase } from '../../../../../test/setup/accounts-server.js';
import { HEADER, LabActivations, ROW } from '../../../../../test/setup/lab-activations.js';
import { LAB } from '../../../../../test/setup/lab-server.js';

const lab = await LabActivations.start(await accountsDatabase());
const { user, register, activate, predict, answering, listed, chosen } = lab;

beforeAll(() => register('tiny-a', '1.1.0'));

describe('another replica', () => {
  it('answers by what is activated here within a second, and so does one that starts later', async () => {
    await activate('tiny-a', '1.1.0');
    const replica = await lab.replica();
    expect(await answering(replica)).toBe('tiny-a 1.1.0');
    await register('tiny-a', '1.3.0');
    for (const [model, version] of [
      ['tiny-b', '1.0.0'],
      ['tiny-a', '1.3.0'],
      ['tiny-value', '1.0.0'],
    ] as const) {
      expect((await activate(model, version)).status).toBe(200);
      expect(await answering()).toBe(`${model} ${version}`);
      await vi.waitFor(async () => expect(await answering(replica)).toBe(`${model} ${version}`), {
        timeout: 60_000,
        interval: 20,
      });
      expect(await listed(replica)).toBe(`${model} ${version}`);
    }
    // And the other way round.
    expect((await activate('tiny-b', '1.0.0', {}, replica)).status).toBe(200);
    await vi.waitFor(async () => expect(await answering()).toBe('tiny-b 1.0.0'), { timeout: 60_000, interval: 20 });
    await replica.application.close();
    expect(await answering(await lab.replica())).toBe('tiny-b 1.0.0');
  });

  it('whose list does not have the active model any more answers nothing until another one is activated', async () => {
    await activate('tiny-b', '1.0.0');
    const other = await lab.replica({ LEGACY_LAB_MODELS: 'tiny-a,tiny-value' });
    expect(await listed(other)).toBeUndefined();
    const refused = { status: 409, body: { detail: expect.stringContaining('LEGACY_LAB_MODELS') as string } };
    expect(await predict(other)).toMatchObject(refused);
    const file = { payload: `${HEADER}\n${ROW}\n`, headers: { 'content-type': 'text/csv' }, token: user.accessToken };
    expect(await other.request({ method: 'POST', url: `${LAB}/batch-predict`, ...file })).toMatchObject(refused);
    expect((await activate('tiny-a', '1.3.0', {}, other)).status).toBe(200);
    expect(await answering(other)).toBe('tiny-a 1.3.0');
  });

  it('with none but unknown models answers nothing before one is there', async () => {
    const empty = await lab.replica({ LEGACY_LAB_MODELS: 'unknown' });
    expect((await empty.get(`${LAB}/models`, user.accessToken)).body).toEqual([]);
    expect(await predict(empty)).toMatchObject({ status: 409, body: { detail: expect.any(String) as string } });
  });
});

describe('two administrators at once', () => {
  it('on two models both succeed, and the service answers by one of them, with the version that was asked for', async () => {
    const replica = await lab.replica();
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all([activate('tiny-a', '1.3.0'), activate('tiny-b', '1.0.0', {}, replica)]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const now = await answering();
      expect(['tiny-a 1.3.0', 'tiny-b 1.0.0']).toContain(now);
      await vi.waitFor(async () => expect(await answering(replica)).toBe(await answering()), {
        timeout: 60_000,
        interval: 20,
      });
    }
    // Each choice is told to have come after the one before it.
    const choices = await chosen();
    for (const [index, { details }] of choices.entries())
      if (index > 0) expect(details.from).toBe(choices[index - 1]!.target_id);
  });

  it('on two versions of a model one may be told of the other, and what was answered with 200 is what holds', async () => {
    await activate('tiny-a', '1.3.0');
    const others = ['1.1.0', '1.3.0'];
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all(others.map((version) => activate('tiny-a', version)));
      for (const { status, body } of answers) {
        expect([200, 409]).toContain(status);
        if (status === 409) expect(body.detail).toContain('at the same time');
      }
      const asked = others.filter((_, index) => answers[index]!.status === 200).map((version) => `tiny-a ${version}`);
      expect(asked).toContain(await answering());
    }
  });
});
