import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileDecoder, compileResultWriter } from '#inference';
import type { ServingVersion } from '#models';
import { newId } from '#platform';
import { answerOf, writeAnswer } from './prediction-answer.js';

const text = fc.string({ unit: 'binary' });
const subject = fc.option(text);
const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 });

it('is written as JSON.stringify writes it, whatever names, notices and references hold', () => {
  const declared = {
    task: 'binary-classification',
    output: { classes: ['no', 'yes'].map((name) => ({ name, title: name })) },
  } as const;
  const decode = compileDecoder(declared, 1);
  fc.assert(
    fc.property(
      fc.record({ model: text, version: text, notice: fc.option(text, { nil: undefined }) }),
      fc.array(fc.record({ form: fc.constantFrom('input', 'inputs'), subject, scores }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.date({ noInvalidDate: true }),
      ({ model, version, notice }, requests, createdAt) => {
        const manifest = { ...declared, ...(notice !== undefined && { notice }) };
        const serving = { model, version, manifest, writeResult: compileResultWriter(declared) };
        for (const request of requests) {
          const results = request.scores.map((score) => decode([score]));
          const subjects =
            request.subject === null ? null : request.scores.map((_, row) => (row % 2 ? null : request.subject));
          const record = { id: newId(), modelName: model, version, subjects, createdAt, notice: notice ?? null };
          const answer = answerOf(request.form, record, request.form === 'input' ? results.slice(0, 1) : results);
          expect(writeAnswer(answer, serving as unknown as ServingVersion)).toBe(JSON.stringify(answer));
        }
      },
    ),
  );
});
