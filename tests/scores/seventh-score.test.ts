import { describe, expect, it } from '@jest/globals';
import { openChart } from '../../src/engine/answer.js';
import { prepare } from '../../src/engine/prepare.js';
import { checkExpression } from '../../src/fhirpath/lint.js';
import { buildKnowledge } from '../../src/knowledge/build-knowledge.js';
import { formatProblem } from '../../src/knowledge/problem.js';
import { readWithSchemas, shippedArtifacts } from '../../src/knowledge/read/read-artifacts.js';
import { publish } from '../../src/publish/publish.js';

/** A score that nobody uses, written by the steps of CONTRIBUTING («To add a score»): files, and no line of `src/`. */
const score = `
id: burden
version: 1.0.0
title: { en: Burden score, fr: Score de charge }
section: '3.8'
per: patient
items:
  - id: burden-age
    text: { en: Age, fr: Âge }
    answers:
      - { code: under-70, points: 1, display: { en: under 70, fr: moins de 70 ans }, fact: '%personAge < 70' }
      - { code: from-70, points: 0, display: { en: 70 or more, fr: 70 ans ou plus }, fact: '%personAge >= 70' }
  - id: burden-walking
    text: { en: Walking, fr: Marche }
    answers:
      - { code: alone, points: 2, display: { en: alone, fr: seul } }
      - { code: helped, points: 0, display: { en: with help, fr: avec aide } }
classes:
  - { code: heavy, min: 0, max: 1, display: { en: Heavy, fr: Lourde } }
  - { code: light, min: 2, max: 3, display: { en: Light, fr: Légère } }
flags: []
examples:
  - { name: nothing known, chart: [], expect: { missing: [burden-age, burden-walking] } }
`;
const base = 'https://bone-metastasis-cds.example/fhir';
const valueSet = (id: string): string =>
  JSON.stringify({
    resourceType: 'ValueSet',
    id,
    url: `${base}/ValueSet/${id}`,
    version: '1.0.0',
    name: id,
    title: id,
    status: 'active',
    description: id,
    compose: { include: [{ system: `${base}/CodeSystem/score`, concept: [{ code: id, display: id }] }] },
  });

const shipped = await readWithSchemas(shippedArtifacts);
const files = [
  ...shipped,
  { path: 'scores/burden.yaml', text: score },
  ...['burden', 'burden-age', 'burden-walking'].map((id) => ({
    path: `value-sets/${id}.json`,
    text: valueSet(id),
  })),
];

describe('a seventh score', () => {
  const built = buildKnowledge(files, { checkExpression });
  if (!built.ok) throw new Error(built.problems.map(formatProblem).join('\n'));
  const prepared = prepare(built.knowledge, '2024');

  it('is worked out from facts of the chart and recorded answers', () => {
    const item = {
      resourceType: 'Observation',
      id: 'walking',
      status: 'final',
      subject: { reference: 'Patient/p' },
      effectiveDateTime: '2026-10-01',
      code: { coding: [{ system: `${base}/CodeSystem/score`, code: 'burden-walking' }] },
      valueCodeableConcept: {
        coding: [{ system: `${base}/CodeSystem/score`, code: 'burden-walking-alone' }],
      },
    };
    const patient = { resourceType: 'Patient', id: 'p', birthDate: '1970-01-01' };
    const totals = (resources: readonly { resourceType: string; id: string }[]) =>
      openChart(prepared, resources, '2026-10-15')
        .scores()
        .filter((each) => each.score === 'burden')
        .map(({ reachable, class: named }) => ({ reachable, named }));
    expect(totals([patient, item])).toEqual([{ reachable: [3], named: 'light' }]);
    expect(totals([patient])).toEqual([{ reachable: [1, 3], named: undefined }]);
  });

  it('is published as a form, with its codes', () => {
    const published = publish(built.knowledge, { edition: '2024', language: 'en' });
    expect(published.Questionnaire.get('burden')).toMatchObject({ title: 'Burden score' });
    expect(JSON.stringify(published.CodeSystem.get('score'))).toContain('"burden-walking-alone"');
  });
});
