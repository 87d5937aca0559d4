import { describe, expect, it } from '@jest/globals';
import type { Resource } from '../../src/smart-app/chart.js';
import { gaugeOf } from '../../src/smart-app/gauge.js';
import { nextSteps } from '../../src/smart-app/knowledge.js';
import { sheetFacts } from '../../src/smart-app/sheet.js';
import { scoreOf } from './artifacts.js';

const ecog = { system: 'http://loinc.org', code: 'ecog' };
const sheet = { performance: [ecog], kidney: [], calcium: [] };
const patient = { resourceType: 'Patient', id: 'p' };

const observation = (fields: Readonly<Record<string, unknown>>) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [ecog], text: 'ECOG' },
  valueInteger: 1,
  ...fields,
});

describe('the sheet for the board', () => {
  const factsOf = (...resources: readonly Resource[]) =>
    sheetFacts({ patient, resources, unread: [] }, { sheet }, 'en');

  it('has the newest result, and none that was entered in error', () => {
    const facts = factsOf(
      observation({ effectiveDateTime: '2026-10-02' }),
      observation({ effectiveDateTime: '2026-11-02', valueInteger: 2 }),
      observation({ effectiveDateTime: '2026-11-20', valueInteger: 4, status: 'entered-in-error' }),
    );
    expect(facts.performance).toEqual([{ text: 'ECOG 2', date: '2026-11-02' }]);
  });

  it('writes a value as the reader does, its unit on the same line', () => {
    const { code, ...rest } = observation({ valueInteger: undefined });
    const calcium = { ...rest, code, valueQuantity: { comparator: '<', value: 2.34, unit: 'mmol/L' } };
    const textsIn = (language: 'en' | 'fr') =>
      sheetFacts({ patient, resources: [calcium], unread: [] }, { sheet }, language).performance.map(
        ({ text }) => text,
      );
    expect(textsIn('en')).toEqual(['ECOG <\u00a02.34\u00a0mmol/L']);
    expect(textsIn('fr')).toEqual(['ECOG <\u00a02,34\u00a0mmol/L']);
  });

  it('says nothing where the chart says nothing', () => {
    expect(Object.values(factsOf()).flat()).toEqual([]);
  });

  it('has each drug once with its newest date, acts done, and markers that are tied to the diagnosis', () => {
    const drug = (authoredOn: string) => ({
      resourceType: 'MedicationRequest',
      status: 'active',
      authoredOn,
      medicationCodeableConcept: { text: 'osimertinib' },
    });
    const facts = factsOf(
      drug('2025-10-26'),
      drug('2026-10-26'),
      {
        resourceType: 'Procedure',
        status: 'completed',
        code: { text: 'EBRT T12' },
        performedDateTime: '2026-01-05',
      },
      { resourceType: 'Procedure', status: 'not-done', code: { text: 'surgery' } },
      observation({
        code: { text: 'EGFR' },
        valueInteger: undefined,
        valueString: 'L858R',
        focus: [{ reference: 'Condition/c' }],
      }),
    );
    expect(facts.treatments).toEqual([
      { text: 'osimertinib', date: '2026-10-26' },
      { text: 'EBRT T12', date: '2026-01-05' },
    ]);
    expect(facts.histology).toEqual([{ text: 'EGFR L858R' }]);
  });
});

describe('the gauge', () => {
  it('has the classes of the artifact, and the totals that can still come out', () => {
    const { bands, totals, lowest, highest } = gaugeOf(scoreOf('sins'), [5, 7]);
    expect([lowest, highest]).toEqual([0, 18]);
    expect(bands.map(({ possible }) => possible)).toEqual([true, true, false]);
    expect(totals.map(({ at }) => at * 19)).toEqual([5.5, 7.5]);
  });
});

describe('what comes next', () => {
  it('is said once all classes that are possible share it', () => {
    const sins = scoreOf('sins');
    expect(nextSteps(sins, ['potentially-unstable', 'unstable'], 'en')).toMatchObject({ kind: 'one' });
    expect(nextSteps(sins, ['stable', 'unstable'], 'en')).toEqual({ kind: 'several' });
    expect(nextSteps(scoreOf('frankel'), ['a'], 'fr')).toEqual({ kind: 'none' });
  });
});
