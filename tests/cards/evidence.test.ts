import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { evidenceLines } from '../../src/cards/evidence.js';
import { wordingOf } from '../../src/engine/answer.js';
import { openCase } from '../../src/engine/case.js';
import type { Language } from '../../src/knowledge/types.js';
import { prepared } from '../scores/charts.js';

const today = Date.UTC(2026, 9, 15) / 86_400_000;
const base = 'https://bone-metastasis-cds.example/fhir/CodeSystem';
const snomed = 'http://snomed.info/sct';
const coded = (system: string, code: string) => ({ coding: [{ system, code }] });

/** The lines of evidence for the inputs, whatever a rule makes of them. */
function linesOf(
  resources: readonly FhirResource[],
  evidence: readonly string[],
  language: Language,
): readonly string[] {
  const { of, memory } = openCase(prepared, { resources, drafts: [], missingKeys: new Set(), today });
  const rule = prepared.rules.get('start-antiresorptive');
  const [outcome] = rule?.evaluate(of, memory) ?? [];
  if (outcome === undefined) throw new Error('no outcome');
  const subject = of.lesions[0] === undefined ? {} : { lesion: of.lesions[0] };
  const valueOf = memory.valueOf(of.subjectOf({ eligible: of.lesions, ...subject }));
  const asked = { ...outcome, valueOf, rule: { ...outcome.rule, evidence } };
  // Written here with a plain space before the colon of a line.
  return evidenceLines(asked, prepared.knowledge, wordingOf(prepared, language)).map(({ line }) =>
    line.replace('\u00a0: ', ' : '),
  );
}

const observation = (code: object, value: object, id = 'o'): FhirResource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code,
  effectiveDateTime: '2026-10-01',
  ...value,
});
const finding = (code: string, value: object) => observation(coded(`${base}/finding`, code), value, code);
const lesion = (id: string, site: string): FhirResource => ({
  resourceType: 'Condition',
  id,
  code: coded(snomed, '94222008'),
  bodySite: [coded(snomed, site)],
  onsetDateTime: '2026-08-20',
});
const clearance = (quantity: object) =>
  observation(coded('http://loinc.org', '35591-7'), { valueQuantity: quantity });
const perMinute = { unit: 'mL/min', system: 'http://unitsofmeasure.org', code: 'mL/min' };
const given = (id: string, effectiveDateTime: string): FhirResource => ({
  resourceType: 'MedicationAdministration',
  id,
  status: 'completed',
  effectiveDateTime,
  medicationCodeableConcept: coded('http://www.whocc.no/atc', 'M05BA08'),
});

describe('a line of evidence says nothing twice', () => {
  it.each([
    [
      'an answer yes or no',
      'prolongedBoneRemission',
      finding('bone-remission', { valueBoolean: true }),
      'Bone remission: yes (1 Oct 2026)',
      'Rémission osseuse : oui (1er oct. 2026)',
    ],
    [
      'an answer no',
      'painHeldByDrugs',
      finding('pain-controlled', { valueBoolean: false }),
      'Pain controlled by drugs: no (1 Oct 2026)',
      'Douleur contrôlée par les médicaments : non (1er oct. 2026)',
    ],
    [
      'a number in the unit of the input',
      'lifeExpectancyMonths',
      finding('life-expectancy', {
        valueQuantity: { value: 12, unit: 'mo', system: 'http://unitsofmeasure.org', code: 'mo' },
      }),
      'Life expectancy entered by a clinician: 12 months (1 Oct 2026)',
      'Espérance de vie saisie par un clinicien : 12 mois (1er oct. 2026)',
    ],
    [
      'a number of a formula',
      'clearance',
      clearance({ value: 29.9, ...perMinute }),
      'Creatinine clearance: 29.9 mL/min — Creatinine clearance by Cockcroft-Gault (1 Oct 2026)',
      'Clairance de la créatinine : 29,9 mL/min — Clairance de la créatinine selon Cockcroft-Gault (1er oct. 2026)',
    ],
    [
      'a problem called like the input',
      'nsclc',
      { resourceType: 'Condition', id: 'c', code: coded(snomed, '254637007'), onsetDateTime: '2026-01-10' },
      'Non-small-cell lung cancer: Non-small cell lung cancer (10 Jan 2026)',
      'Cancer bronchique non à petites cellules : 10 janv. 2026',
    ],
    [
      'a class of answers',
      'asaHigh',
      observation(coded('http://loinc.org', '97816-3'), { valueCodeableConcept: coded(snomed, '413497009') }),
      'ASA class 3 or more: ASA class 3 (1 Oct 2026)',
      'Classe ASA 3 ou plus : ASA 3 (1er oct. 2026)',
    ],
  ])('%s', (_, input, resource, en, fr) => {
    expect(linesOf([resource], [input], 'en')).toEqual([en]);
    expect(linesOf([resource], [input], 'fr')).toEqual([fr]);
  });
});

it('a value brought from another unit keeps what was written', () => {
  const weeks = { value: 8, unit: 'wk', system: 'http://unitsofmeasure.org', code: 'wk' };
  const [line] = linesOf(
    [finding('life-expectancy', { valueQuantity: weeks })],
    ['lifeExpectancyMonths'],
    'en',
  );
  expect(line).toMatch(/months \[8\u00a0wk\] \(1 Oct 2026\)$/);
});

it('another spelling of the same unit is no news', () => {
  const months = { value: 12, unit: 'months', system: 'http://unitsofmeasure.org', code: 'mo' };
  const resources = [finding('life-expectancy', { valueQuantity: months })];
  expect(linesOf(resources, ['lifeExpectancyMonths'], 'fr')).toEqual([
    'Espérance de vie saisie par un clinicien : 12 mois (1er oct. 2026)',
  ]);
});

it('«< 20» stays «< 20», read as it is or through a formula', () => {
  const resources = [clearance({ value: 20, comparator: '<', ...perMinute })];
  expect(linesOf(resources, ['clearance'], 'en')).toEqual([
    'Creatinine clearance: <\u00a020 mL/min — Creatinine clearance by Cockcroft-Gault (1 Oct 2026)',
  ]);
  expect(linesOf(resources, ['creatinineClearance'], 'en')).toEqual([
    'Creatinine clearance: <\u00a020 mL/min (1 Oct 2026)',
  ]);
});

it('a comparator that is no text of FHIR is shown as plain text, and the value is not read', () => {
  const resources = [clearance({ value: 20, comparator: '\ud800*about*', ...perMinute })];
  const [line] = linesOf(resources, ['clearance'], 'en');
  expect(line).toContain('\\*about\\*\u00a020\u00a0mL/min');
  expect(line?.isWellFormed()).toBe(true);
});

it('of several doses a date names its own', () => {
  const doses = [given('a', '2026-01-10'), given('b', '2026-04-20')];
  expect(linesOf(doses, ['antiresorptiveFirstDose', 'antiresorptiveLastDose'], 'en')).toEqual([
    'First antiresorptive dose on record: 10 Jan 2026 — zoledronic acid',
    'Last antiresorptive dose on record: 20 Apr 2026 — zoledronic acid',
  ]);
});

it('lesions are told by their sites', () => {
  const lesions = [lesion('a', '7610001'), lesion('b', '71341001')];
  expect(linesOf(lesions, ['boneLesionCount'], 'en')).toEqual([
    'Bone metastases on record: 2 — T10 (20 Aug 2026); femur (20 Aug 2026)',
  ]);
});

describe('one pain scale of two', () => {
  const scales = ['painNumericScore', 'painVisualScale'];
  const score = observation(coded('http://loinc.org', '72514-3'), {
    valueQuantity: { value: 7, unit: '{score}', system: 'http://unitsofmeasure.org', code: '{score}' },
  });
  it('is enough', () => {
    expect(linesOf([score], scales, 'en')).toEqual(['Pain from 0 to 10: 7 (1 Oct 2026)']);
  });
  it('is missed where there is neither', () => {
    expect(linesOf([], scales, 'en')).toHaveLength(2);
  });
});

it('a drug that nobody named is called by its class, in both languages', () => {
  const platinum = {
    resourceType: 'MedicationRequest',
    id: 'm',
    status: 'active',
    intent: 'order',
    authoredOn: '2026-09-01',
    medicationCodeableConcept: coded('http://www.whocc.no/atc', 'L01XA04'),
  };
  expect(linesOf([platinum], ['nephrotoxicDrugs'], 'en')).toEqual([
    'Nephrotoxic drug: Platinum compounds (since 1 Sept 2026)',
  ]);
  const cisplatin = { ...platinum, medicationCodeableConcept: coded('http://www.whocc.no/atc', 'L01XA01') };
  expect(linesOf([cisplatin], ['nephrotoxicDrugs'], 'en')).toEqual([
    'Nephrotoxic drug: cisplatin (since 1 Sept 2026)',
  ]);
  expect(linesOf([cisplatin], ['nephrotoxicDrugs'], 'fr')).toEqual([
    'Médicament néphrotoxique : cisplatine (depuis le 1er sept. 2026)',
  ]);
  const calcium = { ...platinum, medicationCodeableConcept: coded('http://www.whocc.no/atc', 'A12AA04') };
  expect(linesOf([calcium], ['calciumPrescribed'], 'en')).toEqual(['Calcium supplement: since 1 Sept 2026']);
});

describe('a formula rests on the results that it reads', () => {
  const result = (id: string, code: string, day: string, value: number, unit: string) => ({
    ...observation(
      coded('http://loinc.org', code),
      { valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit } },
      id,
    ),
    effectiveDateTime: day,
  });
  const calcium = [
    result('c1', '2000-8', '2026-10-01', 2.3, 'mmol/L'),
    result('c2', '2000-8', '2026-09-20', 2.9, 'mmol/L'),
    result('c3', '2000-8', '2026-09-02', 1.9, 'mmol/L'),
  ];
  const albumin = [
    result('a1', '1751-7', '2026-09-30', 30, 'g/L'),
    result('a2', '1751-7', '2026-09-20', 42, 'g/L'),
  ];

  const read = (resources: readonly FhirResource[], language: Language) =>
    linesOf(resources, ['calciumLevel'], language).map((line) => line.replace(/\s/g, ' '));

  it('and not on those of before, of which it only asks whether and when they were', () => {
    expect(read([...calcium, ...albumin], 'en')).toEqual([
      'Calcium level: 2.5 mmol/L — Total calcium 2.3 mmol/L (1 Oct 2026); Serum albumin 30 g/L (30 Sept 2026)',
    ]);
    expect(read([...calcium, ...albumin], 'fr')).toEqual([
      'Calcémie : 2,5 mmol/L — Calcémie totale 2,3 mmol/L (1er oct. 2026) ; Albuminémie 30 g/L (30 sept. 2026)',
    ]);
  });

  it('and on what is there although it cannot be read', () => {
    const withoutValue = { ...calcium[0], valueQuantity: undefined } as FhirResource;
    expect(read([withoutValue], 'en')).toEqual(['Calcium level: Total calcium (1 Oct 2026)']);
  });
});

it('an open request bears the day on which it was written', () => {
  const request = {
    resourceType: 'ServiceRequest',
    id: 'r',
    status: 'active',
    intent: 'order',
    code: coded(`${base}/order`, 'tumour-board'),
    authoredOn: '2026-07-14',
  };
  expect(linesOf([request], ['tumourBoardOnMetastasis'], 'en')).toEqual([
    'Tumour board (RCP): Multidisciplinary tumour board (14 Jul 2026)',
  ]);
});

it('an act with the label of a classification is called by the title of its value set', () => {
  const label =
    'Spondyloplastie de 2 vertèbres ou plus, par voie transcutanée avec guidage scanographique et/ou radiologique';
  const order = {
    resourceType: 'ServiceRequest',
    id: 'r',
    code: {
      coding: [{ system: 'https://smt.esante.gouv.fr/terminologie-ccam', code: 'LHMH182', display: label }],
    },
    status: 'draft',
  };
  const { of } = openCase(prepared, { resources: [], drafts: [order], missingKeys: new Set(), today });
  const [fact] = of.chart.ofType('ServiceRequest');
  const names = (['en', 'fr'] as const).map((language) => fact && wordingOf(prepared, language).nameOf(fact));
  expect(names).toEqual(['Cementoplasty', 'Cimentoplastie']);
});
