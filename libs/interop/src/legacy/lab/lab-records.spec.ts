import { describe, expect, it } from 'vitest';
import { Faults } from '#predictions';
import { recordPointer, recordsIn } from './lab-records.js';

const INPUTS = [
  { name: 'pelvic_tilt', title: 'Pelvic tilt' },
  { name: 'radius', title: 'Pelvic radius' },
];

function read(body: unknown, inputs = INPUTS): unknown[] {
  const faults = new Faults();
  const records = recordsIn(body, inputs, faults);
  faults.throwIfAny();
  return records;
}

describe('records', () => {
  it.each([
    ['names of inputs', { pelvic_tilt: 1, radius: 2 }],
    ['names in another case, with spaces around them', { 'PELVIC_TILT ': 1, ' Radius': 2 }],
    ['titles, with other spaces', { 'Pelvic  tilt': 1, 'pelvic radius': 2 }],
  ])('are read by %s', (_, record) => {
    expect(read(record)).toEqual([{ pelvic_tilt: 1, radius: 2 }]);
    expect(read([record, record])).toEqual([
      { pelvic_tilt: 1, radius: 2 },
      { pelvic_tilt: 1, radius: 2 },
    ]);
  });

  it('keep fields that are no input, or one that the record has already', () => {
    expect(read({ radius: 2, RADIUS: 3, 'Pelvic radius': 4, other: 5 })).toEqual([
      { radius: 2, RADIUS: 3, 'Pelvic radius': 4, other: 5 },
    ]);
    expect(read({ RADIUS: 3, 'Pelvic radius': 4 })).toEqual([{ radius: 3, 'Pelvic radius': 4 }]);
  });

  it('are not guessed at where a name could be that of two inputs', () => {
    const inputs = [
      { name: 'a', title: 'Angle' },
      { name: 'b', title: 'angle' },
    ];
    expect(read({ ANGLE: 1, B: 2 }, inputs)).toEqual([{ ANGLE: 1, b: 2 }]);
  });

  it.each([
    ['a text', 'x'],
    ['a number', 3],
    ['a list in a list', [[1]]],
    ['null in a list', [null]],
  ])('that are %s are left to whoever checks rows', (_, body) =>
    expect(read(body)).toEqual(Array.isArray(body) ? body : [body]),
  );

  it('are missing where there is no body', () => {
    for (const body of [undefined, null]) expect(() => read(body)).toThrow();
  });

  it('too many or with too many fields to be taken are not looked through', () => {
    const many = Array.from({ length: 1_001 }, () => ({ RADIUS: 1 }));
    expect(read(many)).toBe(many);
    const wide = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, 1]));
    expect(read([wide])[0]).toBe(wide);
  });

  it('stand in the body where they are told to', () => {
    expect([0, 1].map(recordPointer([{}, {}]))).toEqual(['/0', '/1']);
    expect(recordPointer({})(0)).toBe('');
  });
});
