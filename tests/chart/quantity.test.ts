import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { measure, type MeasureTarget, type Measured } from '../../src/chart/quantity.js';
import { unitSpellings } from '../../src/chart/unit-spellings.js';
import { isUcumUnit } from '../../src/fhirpath/ucum.js';

const file: unknown = parse(readFileSync(new URL('../../cds-services/units.yaml', import.meta.url), 'utf8'));
const entries: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(typeof file === 'object' && file !== null ? file : {}).map(([spelling, ucum]) => [
    spelling,
    String(ucum),
  ]),
);
const spellings = unitSpellings(entries);
const UCUM = 'http://unitsofmeasure.org';

const creatinine: MeasureTarget = { unit: 'umol/L', molarMass: 113.12 };
const calcium: MeasureTarget = { unit: 'mmol/L', molarMass: 40.078, charge: 2 };
const vitaminD: MeasureTarget = { unit: 'nmol/L', molarMass: 400.64 };
const clearance: MeasureTarget = { unit: 'mL/min' };
const filtration: MeasureTarget = { unit: 'mL/min/{1.73_m2}' };
const platelets: MeasureTarget = { unit: '10*9/L' };

const read = (input: unknown, target: MeasureTarget): Measured => measure(input, target, spellings);
const exact = (input: unknown, target: MeasureTarget): number | string => {
  const measured = read(input, target);
  if (!measured.ok) return measured.reason;
  const { min, max, minOpen, maxOpen } = measured.interval;
  return min === max && !minOpen && !maxOpen ? min : 'not exact';
};
const coded = (value: number, code: string): object => ({ value, system: UCUM, code });
const texted = (value: number, unit: string): object => ({ value, unit });

describe('a quantity in the unit of the rule', () => {
  it('stays on its side of 30 mL/min in whatever unit', () => {
    expect(exact(coded(0.5, 'mL/s'), clearance)).toBe(30);
    expect(exact(coded(1.8, 'L/h'), clearance)).toBe(30);
    expect(exact(coded(30, 'mL/min'), clearance)).toBe(30);
    expect(exact(coded(29.99, 'mL/min'), clearance)).toBe(29.99);
    expect(exact(coded(0.4998, 'mL/s'), clearance)).toBeLessThan(30);
  });

  it('converts between mass and amount with the molar mass', () => {
    expect(exact(coded(1.4, 'mg/dL'), creatinine)).toBeCloseTo(123.762, 3);
    expect(exact(coded(124, 'umol/L'), { unit: 'mg/dL', molarMass: 113.12 })).toBeCloseTo(1.40269, 5);
    expect(exact(coded(10.6, 'mg/dL'), calcium)).toBeCloseTo(2.6448, 4);
    expect(exact(coded(1, 'ng/mL'), vitaminD)).toBeCloseTo(2.496, 3);
    expect(exact(texted(5, 'mEq/L'), calcium)).toBe(2.5);
  });

  it('does not convert between mass and amount without it', () => {
    expect(exact(coded(10.6, 'mg/dL'), { unit: 'mmol/L' })).toBe('unit-incompatible');
    expect(exact(coded(5, 'meq/L'), { unit: 'mmol/L' })).toBe('unit-incompatible');
  });

  it('reads 50 platelets in all their spellings as the same number', () => {
    for (const unit of ['G/L', '10^9/L', 'x 10^9/l', 'giga/l', 'K/uL', 'K/µL', '10³/mm³', '×10⁹/L'])
      expect([unit, exact(texted(50, unit), platelets)]).toEqual([unit, 50]);
    for (const unit of ['/mm3', '/mm³', '/uL', 'cells/µL'])
      expect([unit, exact(texted(50000, unit), platelets)]).toEqual([unit, 50]);
    expect(exact(coded(50000, '/mm3'), platelets)).toBe(50);
    expect(exact(coded(50, '10*9/L'), platelets)).toBe(50);
    expect(exact(texted(49999, '/mm3'), platelets)).toBe(49.999);
  });

  it('does not take moles for cells', () => {
    expect(exact(coded(50, 'mmol/L'), platelets)).toBe('unit-incompatible');
  });

  it('rounds away the noise of binary conversion', () => {
    expect(exact(coded(60, 'mL/min'), clearance)).toBe(60);
    expect(exact(coded(1, 'mL/s'), clearance)).toBe(60);
    expect(exact(coded(7, '10*3/uL'), platelets)).toBe(7);
    expect(exact(coded(98.6, '[degF]'), { unit: 'Cel' })).toBe(37);
  });

  it('shows the value as it was written', () => {
    expect(read({ value: 1.4, comparator: '<', unit: 'mg/dl' }, creatinine)).toMatchObject({
      ok: true,
      shown: { value: 1.4, unit: 'mg/dl', comparator: '<' },
    });
    expect(read(coded(1.4, 'mg/dL'), creatinine)).toMatchObject({ shown: { value: 1.4, unit: 'mg/dL' } });
  });
});

describe('a rate per body surface and an absolute rate', () => {
  it.each([
    [coded(30, 'mL/min/{1.73_m2}')],
    [texted(30, 'mL/min/1,73m²')],
    [texted(30, 'ml/min/1.73 m2')],
    [texted(30, 'mL/min/{1.73m2}')],
    [{ ...coded(30, 'mL/min'), unit: 'mL/min/1.73m2' }],
  ])('never meet: %j', (input) => {
    expect(exact(input, clearance)).toBe('unit-incompatible');
    expect(exact(input, filtration)).toBe(30);
  });

  it('never meet the other way round', () => {
    expect(exact(coded(30, 'mL/min'), filtration)).toBe('unit-incompatible');
    expect(exact(texted(30, 'ml/mn'), filtration)).toBe('unit-incompatible');
  });
});

describe('a comparator', () => {
  it.each([
    ['<', { min: -Infinity, max: 30, minOpen: true, maxOpen: true }],
    ['<=', { min: -Infinity, max: 30, minOpen: true, maxOpen: false }],
    ['>=', { min: 30, max: Infinity, minOpen: false, maxOpen: true }],
    ['>', { min: 30, max: Infinity, minOpen: true, maxOpen: true }],
  ])('%s bounds the value', (comparator, interval) => {
    expect(read({ ...coded(0.5, 'mL/s'), comparator }, clearance)).toMatchObject({ ok: true, interval });
  });

  it.each([['~'], ['ad'], [''], [3], [{}]])(
    '%j is not understood, so neither is the number',
    (comparator) => {
      expect(exact({ ...coded(30, 'mL/min'), comparator }, clearance)).toBe('no-value');
    },
  );

  it('null is none', () => {
    expect(exact({ ...coded(30, 'mL/min'), comparator: null }, clearance)).toBe(30);
  });
});

describe('the unit of a quantity', () => {
  it('is the UCUM code before the text', () => {
    expect(exact({ ...coded(0.5, 'mL/s'), unit: 'mL/min' }, clearance)).toBe(30);
    expect(exact({ ...coded(50, 'G/L'), unit: '10*9/L' }, platelets)).toBe('unit-incompatible');
  });

  it('is the spelling of a code that is no UCUM, then the text', () => {
    expect(exact(coded(30, 'mL/min/1.73m2'), filtration)).toBe(30);
    expect(exact({ ...coded(30, '???'), unit: 'mL/min' }, clearance)).toBe(30);
    expect(exact({ value: 30, code: 'mL/min' }, clearance)).toBe(30);
  });

  it('is never the code of another system', () => {
    const other = { value: 30, system: 'http://snomed.info/sct', code: 'mL/min' };
    expect(exact(other, clearance)).toBe('unit-missing');
    expect(exact({ ...other, unit: 'mL/s' }, clearance)).toBe(1800);
  });

  it.each([
    ['G'],
    ['M'],
    ['x'],
    ['10E3'],
    ['toString'],
    ['__proto__'],
    ['constructor/L'],
    ['é'.repeat(5000)],
  ])('is not guessed: %s', (unit) => {
    expect(['unit-unknown', 'unit-incompatible']).toContain(exact(texted(30, unit), clearance));
    expect(['unit-unknown', 'unit-incompatible']).toContain(exact(coded(30, unit), clearance));
  });

  it('keeps scores apart from other numbers without dimension', () => {
    const score: MeasureTarget = { unit: '{score}' };
    expect(exact(texted(7, '/10'), score)).toBe(7);
    expect(exact(coded(7, '{score}'), score)).toBe(7);
    expect(exact(coded(7, '1'), score)).toBe(7);
    expect(exact(coded(70, '%'), score)).toBe('unit-incompatible');
    expect(exact(coded(7, '{score}'), { unit: '%' })).toBe('unit-incompatible');
    expect(exact(coded(70, 'mm'), score)).toBe('unit-incompatible');
    expect(exact(coded(0.5, '1'), { unit: '%' })).toBe(50);
  });

  it('keeps arbitrary units apart from enzyme units', () => {
    expect(exact(texted(800, 'UI'), { unit: '[iU]' })).toBe(800);
    expect(exact(texted(40, 'UI/L'), { unit: 'U/L' })).toBe('unit-incompatible');
  });

  it('missing never gives a measurement', () => {
    const target = fc.constantFrom(creatinine, clearance, platelets, { unit: '1' }, { unit: '{score}' });
    const blank = fc.constantFrom(undefined, null, '', '  ', 3, {});
    fc.assert(
      fc.property(fc.double(), target, blank, blank, (value, wanted, unit, code) => {
        expect(read({ value, unit, code, system: UCUM }, wanted).ok).toBe(false);
        expect(read({ value }, wanted).ok).toBe(false);
      }),
    );
    expect(exact({ value: 30 }, clearance)).toBe('unit-missing');
  });
});

describe('the value of a quantity', () => {
  it.each([[{ value: '28' }], [{}], [{ value: null }], [{ value: NaN }], [null], ['30 mL/min'], [30], [[]]])(
    'must be a number: %j',
    (input) => {
      const quantity =
        typeof input === 'object' && input !== null ? Object.assign({ unit: 'mL/min' }, input) : input;
      expect(exact(quantity, clearance)).toBe('no-value');
    },
  );

  it('must be possible', () => {
    expect(exact(coded(Infinity, 'mL/min'), clearance)).toBe('value-implausible');
    expect(exact(coded(Number.MAX_VALUE, 'mL/s'), clearance)).toBe('value-implausible');
    expect(exact(coded(-1, 'mL/min'), clearance)).toBe('value-implausible');
    expect(exact(coded(-1, 'mmol/L'), calcium)).toBe('value-implausible');
    expect(exact(coded(0, 'mL/min'), clearance)).toBe(0);
    expect(exact(coded(-5, 'Cel'), { unit: 'Cel' })).toBe(-5);
  });

  it('whatever is given, is answered without an exception', () => {
    const odd = fc.record(
      {
        value: fc.anything(),
        unit: fc.anything(),
        code: fc.anything(),
        system: fc.anything(),
        comparator: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(odd, fc.anything()), (input) => typeof read(input, calcium).ok === 'boolean'),
    );
    fc.assert(fc.property(fc.string(), (unit) => typeof read(texted(1, unit), calcium).ok === 'boolean'));
  });

  it('survives a round trip', () => {
    const pairs = fc.constantFrom<readonly [string, string, number | undefined]>(
      ['umol/L', 'mg/dL', 113.12],
      ['mmol/L', 'mg/dL', 40.078],
      ['nmol/L', 'ng/mL', 400.64],
      ['mL/min', 'L/h', undefined],
      ['10*9/L', '/mm3', undefined],
      ['Cel', '[degF]', undefined],
    );
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), pairs, (value, [a, b, molarMass]) => {
        const substance = molarMass === undefined ? {} : { molarMass };
        const there = exact(coded(value, a), { unit: b, ...substance });
        const back = exact(coded(Number(there), b), { unit: a, ...substance });
        expect(Math.abs(Number(back) - value)).toBeLessThanOrEqual(1e-9 * Math.max(value, 1));
      }),
    );
  });
});

describe('the spellings of cds-services/units.yaml', () => {
  it.each(Object.entries(entries))('%s is valid UCUM %s', (spelling, ucum) => {
    expect(isUcumUnit(ucum)).toBe(true);
    expect(spellings.ucum(spelling)).toBe(ucum);
  });

  it('give the same measurement as the UCUM code, with any white space', () => {
    const spelling = fc.constantFrom(...Object.entries(entries));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), spelling, (value, [text, ucum]) => {
        const spaced = ` ${text.replace('/', ' /\u00a0')} `;
        const target: MeasureTarget = { unit: ucum };
        expect(exact(texted(value, spaced), target)).toBe(value);
        expect(exact(coded(value, ucum), target)).toBe(value);
      }),
    );
  });

  it('read both micro signs and upper case alike', () => {
    for (const unit of ['\u00b5mol/L', '\u03bcmol/l', '\u039cMOL/L', 'UMOL/L', 'mcmol/L'])
      expect([unit, exact(texted(124, unit), creatinine)]).toEqual([unit, 124]);
  });

  it('keep giga per litre and gram per litre apart, and refuse the case between them', () => {
    expect(spellings.ucum('G/L')).toBe('10*9/L');
    expect(spellings.ucum('g/l')).toBe('g/L');
    expect(spellings.ucum('G/l')).toBeUndefined();
    expect(spellings.ucum('g/L')).toBe('g/L');
  });
});
