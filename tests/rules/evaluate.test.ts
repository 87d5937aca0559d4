import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import type { CaseSource } from '../../src/engine/case.js';
import { gap } from '../../src/rules/gap.js';
import { finding, metastasis, vertebra } from '../chart/charts.js';
import { outcomesOf } from './invented-rule.js';

const text = { en: 'x', fr: 'x' };
const denosumab = (id: string): FhirResource => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'draft',
  medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'M05BX04' }] },
});
const spine = metastasis('spine', [vertebra.T10]);
const lytic = finding(
  'type',
  'lesion-type',
  {
    valueCodeableConcept: {
      coding: [{ system: 'https://bone-metastasis-cds.example/fhir/CodeSystem/finding', code: 'lytic' }],
    },
  },
  { focus: [{ reference: 'Condition/spine' }] },
);

describe('a rule about orders', () => {
  it('is asked of each order that the user has selected, and of no other', () => {
    const drafts = [denosumab('one'), denosumab('two')];
    const about = (source: Partial<CaseSource>) =>
      outcomesOf({ for: 'antiresorptiveOrders' }, source).map(({ subject }) => subject.item?.reference);
    expect(about({ drafts })).toEqual(['MedicationRequest/one', 'MedicationRequest/two']);
    expect(about({ drafts, selected: new Set(['MedicationRequest/two']) })).toEqual([
      'MedicationRequest/two',
    ]);
  });

  it('is unknown, and not silent, of an order that is only written', () => {
    const written = { ...denosumab('one'), medicationCodeableConcept: { text: 'Xgeva' } };
    expect(outcomesOf({ for: 'antiresorptiveOrders' }, { drafts: [written] })).toMatchObject([
      { kind: 'unknown', applies: true, missing: [gap('input', 'antiresorptiveOrders')] },
    ]);
  });
});

describe('a rule about lesions', () => {
  const missingKeys = new Set(['conditions']);

  it('speaks of the lesions that are known, though others may be missing', () => {
    expect(outcomesOf({ for: 'lesions' }, { resources: [spine], missingKeys })).toMatchObject([
      { kind: 'fires', subject: { lesion: { reference: 'Condition/spine' } } },
    ]);
  });

  it('is unknown when none is known and problems could not be had, whatever its gate asks of a lesion', () => {
    for (const when of ['%surgicalOpinionHere.not()', '%surgicalOpinionHere']) {
      expect(outcomesOf({ for: 'lesions', when }, { missingKeys })).toMatchObject([
        { kind: 'unknown', applies: false, missing: [gap('data', 'conditions')] },
      ]);
    }
  });

  it('is silent all the same where its gate on the patient is shut', () => {
    const patient = { resourceType: 'Patient', id: 'p', birthDate: '1990-01-01' };
    const asked = (when: string) =>
      outcomesOf({ for: 'lesions', when }, { resources: [patient], missingKeys }).map(({ kind }) => kind);
    expect(asked('%personAge > 100')).toEqual(['silent']);
    expect(asked('%personAge < 100')).toEqual(['unknown']);
  });

  it('has nothing to say where there is no lesion', () => {
    expect(outcomesOf({ for: 'lesions' }, {})).toEqual([]);
  });
});

describe('a suggestion with a condition of its own', () => {
  const offered = (resources: readonly FhirResource[]) => {
    const suggestions = [{ id: 'offer', label: text, when: "%lesionType = 'lytic'", actions: [] }];
    const card = { indicator: 'info' as const, summary: text, suggestions };
    return outcomesOf({ for: 'lesions', card }, { resources }).map(({ withheld }) => [...withheld]);
  };

  it('is withheld unless the condition is true: unknown is not enough', () => {
    expect(offered([spine, lytic])).toEqual([[]]);
    expect(offered([spine])).toEqual([['offer']]);
  });
});

describe('a rule that cannot be evaluated', () => {
  it('fails by itself, and its error names the expression and no data', () => {
    const [outcome] = outcomesOf(
      { condition: "%personGender > 3 or %personGender = 'x'" },
      { resources: [{ resourceType: 'Patient', id: 'p', gender: 'female' }] },
    );
    expect(outcome).toMatchObject({ kind: 'failed', error: expect.stringContaining('%personGender') });
    expect(outcome?.error).not.toContain('female');
  });
});
