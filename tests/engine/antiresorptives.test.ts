import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { openCase } from '../../src/engine/case.js';
import { isTold, makeCards } from '../../src/cards/cards.js';
import { suggestionsOf } from '../../src/cards/actions.js';
import { wordingOf } from '../../src/engine/answer.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const today = Date.UTC(2026, 10, 20) / 86_400_000;

async function chartOf(name: string): Promise<readonly FhirResource[]> {
  const text = await readFile(`fixtures/patients/demo/${name}.json`, 'utf8');
  const bundle = JSON.parse(text) as { readonly entry: readonly { readonly resource: FhirResource }[] };
  return bundle.entry.map(({ resource }) => resource);
}

const order = (code: string, mg: number): FhirResource => ({
  resourceType: 'MedicationRequest',
  id: 'draft',
  status: 'draft',
  intent: 'order',
  subject: { reference: 'Patient/p' },
  note: [{ text: 'after breakfast' }],
  medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code }] },
  dosageInstruction: [
    {
      text: 'as ordered',
      timing: { repeat: { frequency: 1, period: 4, periodUnit: 'wk' } },
      doseAndRate: [
        { doseQuantity: { value: mg, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' } },
      ],
    },
  ],
});

function told(service: string, resources: readonly FhirResource[], drafts: readonly FhirResource[]) {
  const { of, memory } = openCase(prepared, { resources, drafts, missingKeys: new Set(), today });
  const rules = prepared.knowledge.services.get(service)?.rules ?? [];
  return rules.flatMap((id) => prepared.rules.get(id)?.evaluate(of, memory) ?? []).filter(isTold);
}

const idsOf = (outcomes: ReturnType<typeof told>): readonly string[] => outcomes.map(({ rule }) => rule.id);

describe('antiresorptives, on whole charts', () => {
  it.each([
    ['a fully managed patient', 'sophie-laurent', 'M05BX04', 120],
    ['osteoporosis on denosumab 60 mg', 'jeanne-petit', 'M05BX04', 60],
    ['breast cancer without metastasis', 'emily-carter', 'M05BA08', 4],
    ['no cancer', 'robert-miller', 'M05BX04', 60],
  ])('says nothing: %s', async (_, name, code, mg) => {
    const chart = await chartOf(name);
    expect(idsOf(told('antiresorptive-safety', chart, [order(code, mg)]))).toEqual([]);
    expect(idsOf(told('bone-metastasis-review', chart, []))).toEqual([]);
    expect(idsOf(told('discharge-plan', chart, []))).toEqual([]);
  });

  it('says no word on how to infuse what is contraindicated', async () => {
    const ids = idsOf(told('antiresorptive-safety', await chartOf('paul-lefevre'), [order('M05BA08', 4)]));
    expect(ids).toContain('zoledronic-acid-renal-contraindication');
    expect(ids).not.toContain('zoledronic-acid-first-infusion');
    expect(ids).not.toContain('paracetamol-with-zoledronic-acid');
  });

  const subject = { reference: 'Patient/p' };
  const metastasis: FhirResource = {
    resourceType: 'Condition',
    id: 'b',
    subject,
    clinicalStatus: { coding: [{ code: 'active' }] },
    code: { coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
    onsetDateTime: '2026-10-20',
  };
  const result = (system: string, code: string, value: number, unit: string): FhirResource => ({
    resourceType: 'Observation',
    id: code,
    subject,
    status: 'final',
    code: { coding: [{ system, code }] },
    effectiveDateTime: '2026-11-10',
    valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
  });
  const loinc = 'http://loinc.org';
  const expecting = (months: number): FhirResource =>
    result('https://bone-metastasis-cds.example/fhir/CodeSystem/finding', 'life-expectancy', months, 'mo');
  const lifeExpectancy = expecting(12);
  const hospiceCare: FhirResource = {
    resourceType: 'ServiceRequest',
    id: 'hospice',
    status: 'active',
    intent: 'order',
    subject,
    code: { coding: [{ system: 'http://snomed.info/sct', code: '385763009' }] },
    authoredOn: '2026-11-15',
  };
  const hypocalcaemia: FhirResource = {
    ...metastasis,
    id: 'h',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '5291005' }] },
  };
  const fullClearance = result(loinc, '35591-7', 61, 'mL/min');
  const allergy = (code: string): FhirResource => ({
    resourceType: 'AllergyIntolerance',
    id: 'a',
    code: { coding: [{ system: 'http://www.whocc.no/atc', code }] },
    patient: { reference: 'Patient/p' },
  });
  const jawOsteonecrosis: FhirResource = {
    ...metastasis,
    id: 'j',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '441809006' }] },
  };
  const toothDrawn = (performedDateTime: string): FhirResource => ({
    resourceType: 'Procedure',
    id: 't',
    status: 'completed',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '55162003' }] },
    subject: { reference: 'Patient/p' },
    performedDateTime,
  });
  const context = {
    patientId: 'p',
    today: '2026-11-20',
    publicBaseUrl: 'https://cds.example.org',
    newId: () => 'x',
  };

  it.each<[string, FhirResource | readonly FhirResource[], boolean, boolean]>([
    ['a clearance that allows the full dose', result(loinc, '35591-7', 61, 'mL/min'), true, true],
    ['a reduced clearance', result(loinc, '35591-7', 60, 'mL/min'), true, false],
    ['a clearance below 30 mL/min', result(loinc, '35591-7', 20, 'mL/min'), true, false],
    ['a low eGFR alone', result(loinc, '98979-8', 28, 'mL/min/{1.73_m2}'), true, false],
    [
      'a low eGFR beside a clearance',
      [result(loinc, '98979-8', 58, 'mL/min/{1.73_m2}'), result(loinc, '35591-7', 61, 'mL/min')],
      true,
      true,
    ],
    ['no clearance', [], true, false],
    ['hypocalcaemia', [fullClearance, result(loinc, '29265-6', 1.9, 'mmol/L')], false, true],
    ['hypocalcaemia on the problem list', [fullClearance, hypocalcaemia], false, true],
    ['an allergy to denosumab', [fullClearance, allergy('M05BX04')], false, true],
    ['an allergy to zoledronic acid', [fullClearance, allergy('M05BA08')], true, false],
    ['an allergy to another bisphosphonate', [fullClearance, allergy('M05BA04')], true, false],
    ['an allergy to the class', [fullClearance, allergy('M05BA')], true, false],
    ['osteonecrosis of the jaw', [fullClearance, jawOsteonecrosis], false, false],
    ['a tooth drawn two months ago', [fullClearance, toothDrawn('2026-09-20')], false, false],
    ['a tooth drawn more than two months ago', [fullClearance, toothDrawn('2026-09-19')], true, true],
  ])('offers only what the results allow: %s', (_, found, denosumab, zoledronic) => {
    const outcome = told('bone-metastasis-review', [metastasis, lifeExpectancy, ...[found].flat()], []).find(
      ({ rule }) => rule.id === 'start-antiresorptive',
    );
    if (outcome === undefined) throw new Error('no antiresorptive is advised');
    const labels = suggestionsOf(
      outcome.rule.card.suggestions ?? [],
      outcome,
      context,
      wordingOf(prepared, 'en'),
    ).map(({ label }) => label);
    expect(labels.some((label) => label.includes('denosumab'))).toBe(denosumab);
    expect(labels.some((label) => label.includes('zoledronic'))).toBe(zoledronic);
  });

  it.each([
    ['an adult', '2008-11-20', true],
    ['a child', '2017-05-02', false],
  ])('offers doses for adults to %s', (_, birthDate, offered) => {
    const patient: FhirResource = { resourceType: 'Patient', id: 'p', birthDate };
    const labels = told('antiresorptive-safety', [patient, metastasis], [order('M05BA08', 4)]).flatMap(
      (outcome) =>
        suggestionsOf(outcome.rule.card.suggestions ?? [], outcome, context, wordingOf(prepared, 'en')).map(
          ({ label }) => label,
        ),
    );
    const doses = labels.filter((label) => label.startsWith('Prescribe'));
    expect(doses).toHaveLength(offered ? 3 : 0);
    expect(labels).toContain('Order creatinine');
  });

  it('asks once for the assessment that two orders need, whichever comes first, and says that they are two', () => {
    const two = [
      { ...order('M05BX04', 120), id: 'd' },
      { ...order('M05BA08', 4), id: 'z' },
    ];
    const said = (drafts: readonly FhirResource[]) =>
      makeCards(
        told('antiresorptive-safety', [metastasis], drafts),
        context,
        prepared.knowledge,
        wordingOf(prepared, 'en'),
      ).map(({ card }) => `${card.summary}\n${card.detail ?? ''}`);
    const cards = said(two);
    const about = (words: string) => cards.filter((card) => card.includes(words));
    expect(about('No dental assessment on record')).toHaveLength(1);
    expect(about('No renal function on record')).toHaveLength(1);
    expect(about('No 25-OH vitamin D on record')).toHaveLength(1);
    expect(about('Denosumab and zoledronic acid at the same time')).toHaveLength(1);
    expect(about('1 g of calcium a day').concat(about('calcium (1 g a day)'))).toHaveLength(1);
    expect([...said([...two].reverse())].sort()).toEqual([...cards].sort());
  });

  it('records how long a patient may live in one click, where that is all that is missing', () => {
    const [card] = makeCards(
      told('bone-metastasis-review', [metastasis], []).filter(
        ({ rule }) => rule.id === 'start-antiresorptive',
      ),
      context,
      prepared.knowledge,
      wordingOf(prepared, 'fr'),
    ).map((made) => made.card);
    expect(card?.indicator).toBe('info');
    expect(card?.suggestions?.map(({ actions }) => actions?.[0])).toMatchObject([
      {
        type: 'create',
        resource: {
          resourceType: 'Observation',
          status: 'final',
          code: { text: 'Espérance de vie de plus de 3\u00a0mois' },
          valueQuantity: { value: 3, comparator: '>', code: 'mo' },
        },
      },
      {
        resource: { resourceType: 'Observation', valueQuantity: { value: 3, comparator: '<=', code: 'mo' } },
      },
    ]);
  });

  it.each([
    [[], ['Replace it by denosumab 120 mg SC every 4 weeks']],
    [[result(loinc, '29265-6', 1.9, 'mmol/L')], ['Withdraw this order']],
    [[jawOsteonecrosis], ['Withdraw this order']],
    [[expecting(3)], ['Withdraw this order']],
    [[expecting(3.1)], ['Replace it by denosumab 120 mg SC every 4 weeks']],
    [[hospiceCare], ['Withdraw this order']],
  ])('shows the way out of a contraindicated order, the better one marked', (found, recommended) => {
    const suggestions = makeCards(
      told(
        'antiresorptive-safety',
        [metastasis, result(loinc, '35591-7', 20, 'mL/min'), ...found],
        [{ ...order('M05BA08', 4), id: 'z' }],
      ).filter(({ rule }) => rule.id === 'zoledronic-acid-renal-contraindication'),
      context,
      prepared.knowledge,
      wordingOf(prepared, 'en'),
    ).flatMap(({ card }) => card.suggestions ?? []);
    expect(
      suggestions.filter(({ isRecommended }) => isRecommended === true).map(({ label }) => label),
    ).toEqual(recommended);
    expect(suggestions.filter(({ label }) => label === 'Withdraw this order')).toHaveLength(1);
  });

  it.each([
    [49.9, false],
    [50, true],
    [undefined, true],
  ])('offers paracetamol at %s kg: %s', (weight, offered) => {
    const found = weight === undefined ? [] : [result(loinc, '29463-7', weight, 'kg')];
    const labels = told('antiresorptive-safety', [metastasis, ...found], [order('M05BA08', 4)]).flatMap(
      (outcome) =>
        suggestionsOf(outcome.rule.card.suggestions ?? [], outcome, context, wordingOf(prepared, 'en')),
    );
    expect(labels.some(({ label }) => label.includes('paracetamol'))).toBe(offered);
  });

  it('folds teeth, kidney, and calcium with vitamin D, into three cards', () => {
    const cards = makeCards(
      told('antiresorptive-safety', [metastasis], [order('M05BA08', 4)]),
      context,
      prepared.knowledge,
      wordingOf(prepared, 'en'),
    ).map(({ card }) => card);
    const about = ['dental assessment', 'renal function on record', '25-OH vitamin D on record'].map(
      (words) => cards.findIndex(({ summary, detail = '' }) => `${summary}\n${detail}`.includes(words)),
    );
    expect(new Set(about).size).toBe(3);
    expect(about).not.toContain(-1);
    // Each is led by its own topic: nothing of one stands below the title of another.
    const topics = [/dental/i, /renal|clearance|kidney/i, /calcium|vitamin D/];
    for (const [index, place] of about.entries())
      expect(cards[place]?.summary).toMatch(topics[index] ?? /never/);
  });

  it('writes the first day of a month as French does', () => {
    const wording = wordingOf(prepared, 'fr');
    const first = Date.UTC(2026, 4, 1) / 86_400_000;
    expect(wording.day({ from: first, to: first })).toBe('1er mai 2026');
    expect(wording.day({ from: first + 10, to: first + 10 })).toBe('11 mai 2026');
  });

  // The words of the dosage say what is now prescribed; those of the order that was wrong would contradict it.
  const right = order('M05BX04', 120);
  const [dosage] = right['dosageInstruction'] as readonly object[];
  const corrected = { ...right, dosageInstruction: [{ ...dosage, text: '120\u00a0mg, once every 4 weeks' }] };

  it('corrects the dose of an order and keeps every other field', async () => {
    const draft = order('M05BX04', 60);
    const outcome = told('antiresorptive-safety', await chartOf('john-whitfield'), [draft]).find(
      ({ rule }) => rule.id === 'denosumab-dose',
    );
    if (outcome === undefined) throw new Error('the dose is not questioned');
    const [correct] = suggestionsOf(
      outcome.rule.card.suggestions ?? [],
      outcome,
      context,
      wordingOf(prepared, 'en'),
    );
    expect(correct?.actions?.[0]).toMatchObject({ type: 'update', resource: corrected });
  });

  it('makes a monthly order of the osteoporosis product, not 120 mg every six months', () => {
    const sixMonthly = order('M05BX04', 60);
    const repeat = { frequency: 1, period: 6, periodUnit: 'mo' };
    const [dosage] = sixMonthly['dosageInstruction'] as readonly object[];
    const draft = { ...sixMonthly, dosageInstruction: [{ ...dosage, timing: { repeat } }] };
    const outcome = told('antiresorptive-safety', [metastasis], [draft]).find(
      ({ rule }) => rule.id === 'denosumab-dose',
    );
    if (outcome === undefined) throw new Error('the dose is not questioned');
    const offered = suggestionsOf(
      outcome.rule.card.suggestions ?? [],
      outcome,
      context,
      wordingOf(prepared, 'en'),
    );
    expect(offered.map(({ label }) => label)).toEqual([
      'Set it to 120 mg every 4 weeks',
      'Withdraw this order',
    ]);
    expect(offered[0]?.actions?.[0]).toMatchObject({ type: 'update', resource: corrected });
  });
});
