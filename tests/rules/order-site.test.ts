import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { openCase } from '../../src/engine/case.js';
import type { Possibility } from '../../src/rules/value.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const today = Date.UTC(2026, 9, 15) / 86_400_000;
const sct = 'http://snomed.info/sct';
const t10 = '7610001';
const thoracic = '35769007';
const femur = '71341001';
const femoralShaft = '41111004';
const lung = '39607008';

const at = (code: string) => [{ coding: [{ system: sct, code }] }];
const metastasis = (id: string, code?: string): FhirResource => ({
  resourceType: 'Condition',
  id,
  code: { coding: [{ system: sct, code: '94222008' }] },
  ...(code !== undefined && { bodySite: at(code) }),
});
const order = (elements: object): FhirResource => ({
  resourceType: 'ServiceRequest',
  id: 'order',
  status: 'draft',
  code: { coding: [{ system: sct, code: '395096001' }] },
  ...elements,
});
const irradiated = (elements: object): FhirResource => ({
  resourceType: 'Procedure',
  id: 'earlier',
  status: 'completed',
  code: { coding: [{ system: sct, code: '1217123003' }] },
  performedDateTime: '2026-09-15',
  ...elements,
});

function valueOf(
  input: string,
  resources: readonly FhirResource[],
  draft: FhirResource,
): readonly Possibility[] {
  const opened = openCase(prepared, { resources, drafts: [draft], missingKeys: new Set(), today });
  const [item] = opened.of.chart.ofType('ServiceRequest');
  if (item === undefined) throw new Error('no order');
  const subject = opened.of.subjectOf({ item, eligible: opened.of.lesions });
  return opened.memory.valueOf(subject)(input).possible;
}

describe('a lesion at the site of an order', () => {
  const lesions = [metastasis('spine', t10), metastasis('leg', femoralShaft)];

  it.each([
    ['the same level', { bodySite: at(t10) }, [true]],
    ['a region that holds it', { bodySite: at(thoracic) }, [true]],
    ['another bone', { bodySite: at('85050009') }, [false]],
    ['an organ', { bodySite: at(lung) }, [false]],
    ['a site in words only', { bodySite: [{ text: 'rachis dorsal' }] }, []],
    ['no site at all', {}, [true]],
    ['the lesion as its reason', { reasonReference: [{ reference: 'Condition/leg' }] }, [true]],
  ])('is told for an order that names %s', (_, elements, expected) => {
    expect(valueOf('lesionAtOrder', lesions, order(elements))).toEqual(expected);
  });

  it('is not known when the lesion has no site', () => {
    expect(valueOf('lesionAtOrder', [metastasis('bone')], order({ bodySite: at(t10) }))).toEqual([]);
  });

  it('does not exist without a metastasis', () => {
    expect(valueOf('lesionAtOrder', [], order({ bodySite: at(t10) }))).toEqual([false]);
  });
});

describe('an earlier act at the site of an order', () => {
  const day = Date.UTC(2026, 8, 15) / 86_400_000;
  const spine = metastasis('spine', t10);
  const leg = metastasis('leg', femoralShaft);

  it.each([
    ['the same level', [spine, leg], { bodySite: at(t10) }, { bodySite: at(t10) }, [day]],
    ['a region that holds it', [spine, leg], { bodySite: at(thoracic) }, { bodySite: at(t10) }, [day]],
    ['another bone', [spine, leg], { bodySite: at(femur) }, { bodySite: at(t10) }, []],
    ['no site, with two lesions', [spine, leg], {}, { bodySite: at(t10) }, []],
    ['no site, with one lesion', [spine], {}, { bodySite: at(t10) }, [day]],
    ['no site, nor the order, nor the only lesion', [metastasis('bone')], {}, {}, [day]],
    ['words only', [metastasis('bone')], { bodySite: [{ text: 'D10' }] }, {}, []],
  ])('counts when it was done at %s', (_, lesions, act, elements, expected) => {
    expect(valueOf('radiotherapyHereDate', [...lesions, irradiated(act)], order(elements))).toEqual(expected);
  });

  it('is read from the volume that mCODE names', () => {
    const volume: FhirResource = { resourceType: 'BodyStructure', id: 'ptv', location: at(t10)[0] };
    const act = irradiated({
      extension: [
        { url: 'dose', extension: [{ url: 'volume', valueReference: { reference: 'BodyStructure/ptv' } }] },
      ],
    });
    expect(valueOf('radiotherapyHereDate', [spine, leg, volume, act], order({ bodySite: at(t10) }))).toEqual([
      day,
    ]);
    expect(
      valueOf('radiotherapyHereDate', [spine, leg, volume, act], order({ bodySite: at(femur) })),
    ).toEqual([]);
  });
});

describe('what was arranged for a lesion', () => {
  const lesions = [metastasis('spine', t10), metastasis('leg', femoralShaft)];
  const opinion = (elements: object): FhirResource => ({
    resourceType: 'ServiceRequest',
    id: 'opinion',
    status: 'active',
    intent: 'order',
    code: {
      coding: [
        { system: 'https://bone-metastasis-cds.example/fhir/CodeSystem/order', code: 'surgical-opinion' },
      ],
    },
    ...elements,
  });

  it.each([
    [
      'is for the lesion that is its reason',
      { reasonReference: [{ reference: 'Condition/leg' }] },
      [false, true],
    ],
    ['is for the lesion at its site', { bodySite: at(t10) }, [true, false]],
    ['may be for any lesion when it names no site', {}, [true, true]],
    ['is for no lesion when its site is elsewhere', { bodySite: at('85050009') }, [false, false]],
  ])('%s', (_, elements, expected) => {
    const resources = [...lesions, opinion(elements)];
    const opened = openCase(prepared, { resources, drafts: [], missingKeys: new Set(), today });
    const arranged = ['Condition/spine', 'Condition/leg'].map((reference) => {
      const lesion = opened.of.lesions.find((each) => each.references.has(reference));
      if (lesion === undefined) throw new Error('no lesion');
      const subject = opened.of.subjectOf({ lesion, eligible: opened.of.lesions });
      return opened.memory.valueOf(subject)('surgicalOpinionHere').possible[0];
    });
    expect(arranged).toEqual(expected);
  });
});

describe('hours between two facts', () => {
  const doses = (...effective: readonly string[]): readonly FhirResource[] =>
    effective.map((end, index) => ({
      resourceType: 'MedicationRequest',
      id: `dose-${index}`,
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'B01AF02' }] },
      dosageInstruction: [{ timing: { repeat: { boundsPeriod: { start: '2026-03-01', end } } } }],
    }));
  const planned = (elements: object): FhirResource =>
    order({
      code: {
        coding: [
          { system: 'https://bone-metastasis-cds.example/fhir/CodeSystem/order', code: 'cementoplasty' },
        ],
      },
      ...elements,
    });
  const noon = planned({ occurrenceDateTime: '2026-10-20T12:00:00+02:00' });

  it.each([
    ['exact with both times', doses('2026-10-18T22:00:00+02:00'), noon, 38],
    ['exact across time zones', doses('2026-10-18T10:00:00Z'), noon, 48],
    [
      'counted from the latest dose',
      doses('2026-10-17T12:00:00+02:00', '2026-10-19T00:00:00+02:00'),
      noon,
      36,
    ],
    ['whole days without a time', doses('2026-10-18'), noon, 48],
    [
      'whole days when another dose of that day has no time',
      doses('2026-10-18T22:00:00+02:00', '2026-10-18'),
      noon,
      48,
    ],
    [
      'whole days when the procedure is planned over a period',
      doses('2026-10-18T22:00:00+02:00'),
      planned({ occurrencePeriod: { start: '2026-10-20T08:00:00+02:00', end: '2026-10-21T08:00:00+02:00' } }),
      48,
    ],
  ])('are %s', (_, resources, draft, hours) => {
    expect(valueOf('doacInterval', resources, draft)).toEqual([hours]);
  });
});

describe('an old irradiation for a lesion', () => {
  const leg = metastasis('leg', femoralShaft);
  const treated = (elements: object): unknown => {
    const resources = [leg, irradiated(elements)];
    const opened = openCase(prepared, { resources, drafts: [], missingKeys: new Set(), today });
    const [lesion] = opened.of.lesions;
    if (lesion === undefined) throw new Error('no lesion');
    const subject = opened.of.subjectOf({ lesion, eligible: opened.of.lesions });
    return opened.memory.valueOf(subject)('radiotherapyForLesion').possible[0];
  };
  const longAgo = { performedDateTime: '2024-01-10' };

  it.each([
    ['counts at the same site', { ...longAgo, bodySite: at(femoralShaft) }, true],
    ['counts when its site is only written', { ...longAgo, bodySite: [{ text: 'fémur' }] }, true],
    [
      'counts when the lesion is its reason',
      { ...longAgo, reasonReference: [{ reference: 'Condition/leg' }] },
      true,
    ],
    ['does not count without a site', longAgo, false],
    ['counts without a site while it is recent', { performedDateTime: '2026-04-15' }, true],
  ])('%s', (_, elements, expected) => {
    expect(treated(elements)).toBe(expected);
  });
});
