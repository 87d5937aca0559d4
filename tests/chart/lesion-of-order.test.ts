import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { assembleLesions, lesionOfOrder } from '../../src/chart/lesions.js';
import { chartOf, metastasis, own, prepared, vertebra } from './charts.js';

const chartedLesions = [metastasis('a', [vertebra.T10]), metastasis('b', [vertebra.L3])];
const order = (extra: Partial<FhirResource>): FhirResource => ({
  resourceType: 'ServiceRequest',
  id: 'order',
  status: 'draft',
  code: { coding: [{ system: `${own}/order`, code: 'cementoplasty' }] },
  ...extra,
});
const site = (code: string) => ({ coding: [{ system: 'http://snomed.info/sct', code }] });

function meant(draft: FhirResource, lesions: readonly FhirResource[] = chartedLesions): string | undefined {
  const chart = chartOf(lesions, [draft]);
  const fact = chart.ofType(draft.resourceType)[0];
  if (fact === undefined) throw new Error('the draft is not in the chart');
  const assembled = assembleLesions(chart, prepared.sites, prepared.lesionSets);
  return lesionOfOrder(fact, assembled, prepared.sites)?.reference;
}

describe('the lesion that an order is for', () => {
  it('is the one that it gives as its reason', () => {
    expect(meant(order({ reasonReference: [{ reference: 'Condition/b' }] }))).toBe('Condition/b');
  });

  it('is the one at its body site', () => {
    expect(meant(order({ bodySite: [site(vertebra.T10)] }))).toBe('Condition/a');
  });

  it('is the only one when the order names none', () => {
    expect(meant(order({}), [metastasis('a', [vertebra.T10])])).toBe('Condition/a');
  });

  it('is none of several when the order names none, or names two', () => {
    expect(meant(order({}))).toBeUndefined();
    const both = [{ reference: 'Condition/a' }, { reference: 'Condition/b' }];
    expect(meant(order({ reasonReference: both }))).toBeUndefined();
  });

  it('is none when the body site is that of no lesion, even if there is only one', () => {
    expect(
      meant(order({ bodySite: [site(vertebra.L1)] }), [metastasis('a', [vertebra.T10])]),
    ).toBeUndefined();
  });

  it('is none for a drug, which is for the patient', () => {
    const drug = { resourceType: 'MedicationRequest', id: 'd', status: 'draft' };
    expect(meant(drug, [metastasis('a', [vertebra.T10])])).toBeUndefined();
  });

  it('of the left femur is not that of the right', () => {
    const onThe = (code: string) => [
      { coding: [...site('41111004').coding, { system: 'http://snomed.info/sct', code }] },
    ];
    const lesions = [
      metastasis('l', [], { bodySite: onThe('7771000') }),
      metastasis('r', [], { bodySite: onThe('24028007') }),
    ];
    expect(meant(order({ bodySite: onThe('24028007') }), lesions)).toBe('Condition/r');
    expect(meant(order({ bodySite: [site('41111004')] }), lesions)).toBeUndefined();
  });
});
