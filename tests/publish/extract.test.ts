import { describe, expect, it } from '@jest/globals';
import type { Observation, Resource } from 'fhir/r4.js';
import { extract } from '../../src/publish/extract.js';
import { shippedPrepared } from '../shared/knowledge.js';

const { knowledge } = await shippedPrepared();
const base = 'https://bone-metastasis-cds.example/fhir';
const system = `${base}/CodeSystem/score`;
const context = {
  scores: knowledge.scores,
  phrases: knowledge.phrases,
  canonicalBase: base,
  shippedBase: base,
  language: 'en' as const,
  newId: () => '0b5c1c4e-0000-4000-8000-000000000000',
  publishedAt: 'http://127.0.0.1:3000/fhir',
};

const answers: Readonly<Record<string, string>> = {
  'sins-location': 'junctional',
  'sins-pain': 'mechanical',
  'sins-lesion': 'lytic',
  'sins-alignment': 'normal',
  'sins-collapse': 'under-half',
  'sins-posterolateral': 'none',
};

function item(linkId: string, code: string) {
  return { linkId, answer: [{ valueCoding: { system, code } }] };
}

const items = Object.entries(answers).map(([id, answer]) => item(id, `${id}-${answer}`));

const form = {
  resourceType: 'QuestionnaireResponse',
  id: 'form-1',
  status: 'completed',
  questionnaire: `${base}/Questionnaire/sins|1.0.0`,
  subject: { reference: 'Patient/p1' },
  authored: '2026-11-20T09:30:00+01:00',
  author: { reference: 'Practitioner/oncologist' },
  item: items,
};

function isObservation(resource: Resource | undefined): resource is Observation {
  return resource?.resourceType === 'Observation';
}

function observationOf(body: unknown, language: 'en' | 'fr' = 'en'): Observation {
  const extracted = extract(body, { ...context, language });
  if (!extracted.ok) throw new Error(JSON.stringify(extracted.problems));
  const resource = extracted.bundle.entry?.[0]?.resource;
  if (!isObservation(resource)) throw new Error('no Observation');
  return resource;
}

function refusals(body: unknown): readonly string[] {
  const extracted = extract(body, context);
  return extracted.ok ? [] : extracted.problems.map(({ path }) => path);
}

describe('a filled score form', () => {
  it('becomes the score Observation in a transaction', () => {
    const extracted = extract(form, context);
    expect(extracted).toMatchObject({
      ok: true,
      bundle: {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [{ request: { method: 'POST', url: 'Observation' } }],
      },
    });
    expect(observationOf(form)).toMatchObject({
      status: 'final',
      code: { coding: [{ system, code: 'sins' }] },
      subject: { reference: 'Patient/p1' },
      effectiveDateTime: '2026-11-20T09:30:00+01:00',
      performer: [{ reference: 'Practitioner/oncologist' }],
      derivedFrom: [{ reference: 'QuestionnaireResponse/form-1' }],
      valueInteger: 10,
      interpretation: [{ text: 'potentially unstable' }],
    });
    expect(observationOf(form).component?.[1]).toMatchObject({
      code: { coding: [{ system, code: 'sins-pain' }] },
      valueCodeableConcept: { coding: [{ system, code: 'sins-pain-mechanical', display: 'mechanical' }] },
    });
    expect(observationOf(form)).not.toHaveProperty('note');
    expect(observationOf(form)).not.toHaveProperty('focus');
  });

  it('is worded in French when asked so', () => {
    expect(observationOf(form, 'fr').component?.[1]?.valueCodeableConcept?.text).toBe('mécanique');
  });

  it('is taken from Parameters as well', () => {
    const parameter = [{ name: 'questionnaire-response', resource: form }];
    expect(observationOf({ resourceType: 'Parameters', parameter })).toEqual(observationOf(form));
  });

  it.each([
    [`${base}/Questionnaire/sins`],
    ['http://127.0.0.1:3000/fhir/Questionnaire/sins'],
    [`${base}/Questionnaire/sins|1.1.9`],
  ])('is known by %s', (questionnaire) => {
    expect(observationOf({ ...form, questionnaire }).valueInteger).toBe(10);
  });

  it('has no total and no class while an item is open', () => {
    const observation = observationOf({ ...form, status: 'in-progress', item: items.slice(1) });
    expect(observation.component).toHaveLength(5);
    expect(observation).not.toHaveProperty('valueInteger');
    expect(observation).not.toHaveProperty('interpretation');
  });

  it('counts an item without answer as open', () => {
    const observation = observationOf({ ...form, item: [{ linkId: 'sins-location' }, ...items.slice(1)] });
    expect(observation).not.toHaveProperty('valueInteger');
  });

  it('keeps our sum and names a total that differs from it', () => {
    const differing = observationOf({
      ...form,
      item: [...items, { linkId: 'sins-total', answer: [{ valueInteger: 11 }] }],
    });
    expect(differing.valueInteger).toBe(10);
    expect(differing.note?.[0]?.text).toContain('11');
    const same = observationOf({
      ...form,
      item: [...items, { linkId: 'sins-total', answer: [{ valueInteger: 10 }] }],
    });
    expect(same).not.toHaveProperty('note');
  });

  it('points to the lesion that it names, in its item or in the extension', () => {
    const lesion = { reference: 'BodyStructure/l1' };
    const byItem = { ...form, item: [...items, { linkId: 'lesion', answer: [{ valueReference: lesion }] }] };
    const extension = [{ url: `${base}/StructureDefinition/lesion`, valueReference: lesion }];
    expect(observationOf(byItem).focus).toEqual([lesion]);
    expect(observationOf({ ...form, extension }).focus).toEqual([lesion]);
  });

  it('stays without a date, derivation and author when it names none', () => {
    const observation = observationOf({ ...form, id: undefined, authored: undefined, author: undefined });
    for (const absent of ['effectiveDateTime', 'derivedFrom', 'performer'])
      expect(observation).not.toHaveProperty(absent);
  });

  it('says that it was amended', () => {
    expect(observationOf({ ...form, status: 'amended' }).status).toBe('amended');
  });

  it('of a grade becomes the grade alone', () => {
    const questionnaire = `${base}/Questionnaire/frankel`;
    const observation = observationOf({ ...form, questionnaire, item: [item('frankel', 'frankel-d2')] });
    expect(observation.valueCodeableConcept?.coding?.[0]).toMatchObject({ system, code: 'frankel-d2' });
    expect(observation).not.toHaveProperty('component');
    expect(observation).not.toHaveProperty('valueInteger');
  });
});

describe('a form that cannot be extracted', () => {
  it.each<readonly [string, unknown, readonly string[]]>([
    ['is no form', { resourceType: 'Bundle' }, ['']],
    ['is null', null, ['']],
    ['is in empty Parameters', { resourceType: 'Parameters' }, ['']],
    ['was entered in error', { ...form, status: 'entered-in-error' }, ['QuestionnaireResponse.status']],
    [
      'has another questionnaire',
      { ...form, questionnaire: 'urn:x' },
      ['QuestionnaireResponse.questionnaire'],
    ],
    [
      'has another version of the questionnaire',
      { ...form, questionnaire: `${base}/Questionnaire/sins|2.0.0` },
      ['QuestionnaireResponse.questionnaire'],
    ],
    ['has no subject', { ...form, subject: undefined }, ['QuestionnaireResponse.subject']],
    [
      'has a subject that is no patient',
      { ...form, subject: { reference: 'Group/1' } },
      ['QuestionnaireResponse.subject'],
    ],
    ['has a broken date', { ...form, authored: 'yesterday' }, ['QuestionnaireResponse.authored']],
    ['has no answer', { ...form, item: [] }, ['QuestionnaireResponse.item']],
    [
      'has an item that is not of the form',
      { ...form, item: [...items, item('mirels-pain', 'mirels-pain-none')] },
      ['QuestionnaireResponse.item[6].linkId'],
    ],
    [
      'has an answer of another item',
      { ...form, item: [...items.slice(1), item('sins-location', 'sins-pain-none')] },
      ['QuestionnaireResponse.item[5].answer[0].valueCoding'],
    ],
    [
      'has an answer of another system',
      {
        ...form,
        item: [
          { linkId: 'sins-pain', answer: [{ valueCoding: { system: 'urn:x', code: 'sins-pain-none' } }] },
        ],
      },
      ['QuestionnaireResponse.item[0].answer[0].valueCoding', 'QuestionnaireResponse.item'],
    ],
    [
      'answers an item twice',
      {
        ...form,
        item: [{ linkId: 'sins-pain', answer: [{ valueCoding: {} }, { valueCoding: {} }] }, ...items],
      },
      ['QuestionnaireResponse.item[0].answer', 'QuestionnaireResponse.item[2].linkId'],
    ],
  ])('because it %s, is refused with the place', (_why, body, paths) => {
    expect(refusals(body)).toEqual(paths);
  });

  it('is refused with all its problems at once', () => {
    const wrong = { ...form, status: 'x', subject: {}, authored: '2026-13-45', item: [item('x', 'y')] };
    expect(refusals(wrong)).toEqual([
      'QuestionnaireResponse.status',
      'QuestionnaireResponse.subject',
      'QuestionnaireResponse.authored',
      'QuestionnaireResponse.item[0].linkId',
      'QuestionnaireResponse.item',
    ]);
  });

  it('is refused, not followed, when it is nested without end', () => {
    let deep: unknown = {};
    for (let level = 0; level < 10_000; level += 1) deep = { item: [deep] };
    expect(refusals({ ...form, item: [deep] })).toEqual(['']);
  });

  it('never repeats what it holds', () => {
    const extracted = extract(
      { ...form, questionnaire: 'secret', subject: { reference: 'secret' } },
      context,
    );
    expect(JSON.stringify(extracted)).not.toContain('secret');
  });
});
