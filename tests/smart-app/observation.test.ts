import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../../src/smart-app/form.js';
import { filledForm, scoreObservation, type Saving } from '../../src/smart-app/observation.js';
import type { Subject } from '../../src/smart-app/subject.js';
import { extract } from '../../src/publish/extract.js';
import { knowledge, rawScores, scoreOf } from './artifacts.js';

const system = 'https://bone-metastasis-cds.example/fhir/CodeSystem/score';
const complete = {
  'sins-location': 'junctional',
  'sins-pain': 'mechanical',
  'sins-lesion': 'lytic',
  'sins-alignment': 'normal',
  'sins-collapse': 'under-half',
  'sins-posterolateral': 'none',
};
const lesion: Subject = { kind: 'lesion', reference: 'BodyStructure/l1', site: 'T12' };

function saving(score: string, choices: Readonly<Record<string, string>>, subject: Subject): Saving {
  const form = scoreOf(score);
  return {
    score: form,
    outcome: outcomeOf(form, undefined, choices, { today: '2026-11-21' }),
    subject,
    sites: knowledge().sites,
    patient: 'p1',
    author: 'Practitioner/d1',
    effective: '2026-11-21T10:00:00+01:00',
    identifier: 'form-1',
    language: 'fr',
  };
}

describe('the score Observation', () => {
  it('has focus, date, a component per item, and the total when every item is answered', () => {
    const observation = scoreObservation(saving('sins', complete, lesion));
    expect(observation).toMatchObject({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system, code: 'sins' }] },
      subject: { reference: 'Patient/p1' },
      focus: [{ reference: 'BodyStructure/l1' }],
      effectiveDateTime: '2026-11-21T10:00:00+01:00',
      performer: [{ reference: 'Practitioner/d1' }],
      valueInteger: 10,
    });
    expect(observation.bodySite).toBeUndefined();
    expect(observation.category?.[0]?.coding?.[0]?.code).toBe('survey');
    expect(observation.derivedFrom?.[0]?.identifier).toEqual(observation.identifier?.[0]);
    expect(observation.encounter).toBeUndefined();
    const inEncounter = { ...saving('sins', complete, lesion), encounter: 'Encounter/e1' };
    expect([scoreObservation(inEncounter).encounter, filledForm(inEncounter).encounter]).toEqual([
      { reference: 'Encounter/e1' },
      { reference: 'Encounter/e1' },
    ]);
    const pairs = (observation.component ?? []).map(({ code, valueCodeableConcept }) => [
      code.coding?.[0]?.code,
      valueCodeableConcept?.coding?.[0]?.code,
    ]);
    expect(Object.fromEntries(pairs)).toEqual(
      Object.fromEntries(Object.entries(complete).map(([item, answer]) => [item, `${item}-${answer}`])),
    );
  });

  it('writes no total and no component for what is not answered', () => {
    const { 'sins-pain': left, ...rest } = complete;
    expect(left).toBe('mechanical');
    const observation = scoreObservation(saving('sins', rest, lesion));
    expect(observation).not.toHaveProperty('valueInteger');
    expect(observation.component).toHaveLength(5);
  });

  it('names the body site by its codes when the chart has no lesion there', () => {
    const observation = scoreObservation(saving('sins', complete, { kind: 'site', site: 'T12' }));
    expect(observation.focus).toBeUndefined();
    const site = knowledge().sites.find(({ id }) => id === 'T12');
    expect(observation.bodySite?.coding?.map(({ code }) => code)).toEqual(
      site?.codes.map(({ code }) => code),
    );
  });

  it('never focuses on an Observation: such a lesion is named by the levels of its label', () => {
    const known: Subject = { kind: 'lesion', reference: 'Observation/o1', site: 'T10–T12' };
    const observation = scoreObservation(saving('sins', complete, known));
    expect(observation.focus).toBeUndefined();
    const levels = knowledge().sites.filter(({ id }) => ['T10', 'T11', 'T12'].includes(id));
    expect(observation.bodySite?.coding?.map(({ code }) => code)).toEqual(
      levels.flatMap(({ codes }) => codes.map(({ code }) => code)),
    );
  });

  it('writes a grade as its value, without components or total', () => {
    const [item] = scoreOf('frankel').items;
    const choices = { [item?.id ?? '']: 'd1' };
    const observation = scoreObservation(saving('frankel', choices, { kind: 'patient' }));
    expect(observation.valueCodeableConcept?.coding).toMatchObject([{ system, code: 'frankel-d1' }]);
    expect(observation).not.toHaveProperty('component');
    expect(observation).not.toHaveProperty('valueInteger');
    expect(observation).not.toHaveProperty('focus');
  });
});

describe('the filled form', () => {
  it('answers the published Questionnaire, item by item', () => {
    const form = filledForm(saving('sins', complete, lesion));
    expect(form).toMatchObject({
      status: 'completed',
      questionnaire: `https://bone-metastasis-cds.example/fhir/Questionnaire/sins|${scoreOf('sins').version}`,
      subject: { reference: 'Patient/p1' },
      author: { reference: 'Practitioner/d1' },
    });
    expect(form.item?.map(({ linkId }) => linkId)).toEqual([
      ...Object.keys(complete),
      'sins-total',
      'lesion',
    ]);
    expect(form.item?.[1]).toMatchObject({
      linkId: 'sins-pain',
      answer: [{ valueCoding: { system, code: 'sins-pain-mechanical' } }],
    });
  });

  it('is in progress while an item is unanswered', () => {
    const form = filledForm(saving('sins', { 'sins-pain': 'none' }, { kind: 'site', site: 'T4' }));
    expect(form.status).toBe('in-progress');
    expect(form.item).toHaveLength(1);
  });

  it('is extracted by the service to the same score as the one that is saved', () => {
    const made = saving('sins', complete, lesion);
    const scores = new Map(rawScores().map((score) => [score.id, score]));
    const extracted = extract(filledForm(made), {
      scores,
      phrases: new Map(),
      canonicalBase: 'https://bone-metastasis-cds.example/fhir',
      shippedBase: 'https://bone-metastasis-cds.example/fhir',
      language: 'fr',
      newId: () => 'x',
      publishedAt: 'https://cds.example/fhir',
    });
    if (!extracted.ok) throw new Error(JSON.stringify(extracted.problems));
    const saved = scoreObservation(made);
    expect(extracted.bundle.entry?.[0]?.resource).toMatchObject({
      subject: saved.subject,
      focus: [{ reference: 'BodyStructure/l1' }],
      valueInteger: saved.valueInteger,
      effectiveDateTime: saved.effectiveDateTime,
    });
  });
});
