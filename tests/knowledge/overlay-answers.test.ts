import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { epochDayOf, openCase } from '../../src/engine/case.js';
import { exampleDay, playRule, resourceOf } from '../../src/engine/examples.js';
import type { Prepared } from '../../src/engine/prepare.js';
import { publish } from '../../src/publish/publish.js';
import { loadPrepared } from '../../src/start.js';
import type { ScoreResult } from '../../src/rules/scored.js';

const guide = readFileSync(new URL('../../cds-services/README.md', import.meta.url), 'utf8');
const chapter = guide.split('### Answers, grades and registries in codes of your own\n')[1] ?? '';

let folder: string;
let prepared: Prepared;
let shipped: Prepared;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overlay-'));
  await writeFile(join(folder, 'codes.yaml'), /```yaml\n([\s\S]*?)```/.exec(chapter)?.[1] ?? '');
  prepared = await loadPrepared({ localKnowledge: folder, guidelineEdition: '2024' });
  shipped = await loadPrepared({ localKnowledge: undefined, guidelineEdition: '2024' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const report = 'https://hospital.example/spine-report';
const coded = (system: string, code: string) => ({ coding: [{ system, code }] });
const item = (code: string, answer: string) => ({
  code: coded(report, code),
  valueCodeableConcept: coded(report, answer),
});

/** A structured report of the spine, as an Observation with the items as components. */
const structured = (...component: readonly ReturnType<typeof item>[]): FhirResource => ({
  resourceType: 'Observation',
  id: 'structured',
  status: 'final',
  code: coded('http://radelement.org', 'RDES21'),
  subject: { reference: 'Patient/p' },
  effectiveDateTime: '2026-10-14',
  component,
});

function sinsOf(knowing: Prepared, ...recorded: readonly FhirResource[]): ScoreResult | undefined {
  const opened = openCase(knowing, {
    resources: [resourceOf('vertebralMetastasisT10T11', knowing), ...recorded],
    drafts: [],
    missingKeys: new Set(),
    today: epochDayOf(exampleDay),
  });
  return opened.scores().find(({ score }) => score === 'sins');
}

const answersTo = (id: string, result: ScoreResult | undefined) =>
  result?.items.find((each) => each.item === id);

describe('answers in codes of a hospital', () => {
  it('count as ours do, and only where they were added', () => {
    const recorded = structured(item('LESION-QUALITY', 'LYTIC'));
    expect(answersTo('sins-lesion', sinsOf(prepared, recorded))).toMatchObject({
      answer: 'lytic',
      points: [2],
      from: 'answer',
    });
    expect(answersTo('sins-lesion', sinsOf(shipped, recorded))).toMatchObject({ points: [0, 1, 2] });
  });

  it('stand in an Observation of their own too', () => {
    const single = { ...structured(), ...item('LESION-QUALITY', 'LYTIC'), component: undefined };
    expect(answersTo('sins-lesion', sinsOf(prepared, single))).toMatchObject({ answer: 'lytic' });
  });

  it('that may be two of ours are both', () => {
    const recorded = structured(item('ALIGNMENT', 'MALALIGNED'));
    expect(answersTo('sins-alignment', sinsOf(prepared, recorded))?.points).toEqual([2, 4]);
  });

  it('that nobody knows answer nothing, and neither does the code of another item', () => {
    const recorded = structured(item('LESION-QUALITY', 'UNKNOWN'), item('ALIGNMENT', 'LYTIC'));
    const result = sinsOf(prepared, recorded);
    expect(answersTo('sins-lesion', result)?.points).toEqual([0, 1, 2]);
    expect(answersTo('sins-alignment', result)?.points).toEqual([0, 2, 4]);
  });

  it('of the same day as one of ours that says otherwise leave both possible', () => {
    const ours = structured({
      code: coded('https://bone-metastasis-cds.example/fhir/CodeSystem/score', 'sins-lesion'),
      valueCodeableConcept: coded(
        'https://bone-metastasis-cds.example/fhir/CodeSystem/score',
        'sins-lesion-mixed',
      ),
    });
    const result = sinsOf(
      prepared,
      {
        ...ours,
        id: 'ours',
        code: coded('https://bone-metastasis-cds.example/fhir/CodeSystem/score', 'sins'),
      },
      structured(item('LESION-QUALITY', 'LYTIC')),
    );
    expect(answersTo('sins-lesion', result)?.points).toEqual([1, 2]);
  });

  it('are published with the value set that they were added to, and no answers else', () => {
    const idsOf = (knowing: Prepared): readonly string[] => [
      ...publish(knowing.knowledge, { edition: '2024', language: 'fr' }).ValueSet.keys(),
    ];
    const added = idsOf(prepared).filter((id) => !idsOf(shipped).includes(id));
    expect(added.sort()).toEqual([
      'frankel-c',
      'sins-alignment-new-deformity',
      'sins-alignment-subluxation',
      'sins-lesion-lytic',
    ]);
    const title = publish(prepared.knowledge, { edition: '2024', language: 'fr' }).ValueSet.get(
      'sins-lesion-lytic',
    );
    expect(title).toMatchObject({
      title: 'SINS, Lésion osseuse\u00a0: lytique',
      version: expect.any(String),
    });
  });

  it('are asked for', () => {
    const needs = prepared.services.get('bone-metastasis-review')?.needs ?? [];
    const template = needs.find(({ key }) => key === 'observations')?.template ?? '';
    for (const code of ['RDES21', 'LESION-QUALITY', 'ALIGNMENT', 'FRANKEL']) expect(template).toContain(code);
  });
});

describe('other codes of the example', () => {
  const kindOf = (knowing: Prepared, id: string, pieces: readonly FhirResource[]): string | undefined => {
    const rule = knowing.knowledge.rules.get(id);
    return (
      rule &&
      playRule(knowing, rule, {
        name: 'in codes of the hospital',
        chart: ['vertebralMetastasisT10T11', ...pieces],
        outcome: 'fires',
      }).kind
    );
  };

  it('make a grade of Frankel’s a deficit', () => {
    const grade: FhirResource = {
      resourceType: 'Observation',
      id: 'grade',
      status: 'final',
      code: coded('https://hospital.example/neurology', 'FRANKEL'),
      effectiveDateTime: '2026-10-14',
      valueCodeableConcept: coded('https://hospital.example/neurology', 'FRANKEL-C'),
    };
    expect(kindOf(prepared, 'deficit-decompression', [grade])).toBe('fires');
    expect(kindOf(shipped, 'deficit-decompression', [grade])).not.toBe('fires');
  });

  it('make a problem of the tumour documentation a bone metastasis', () => {
    const problem: FhirResource = {
      resourceType: 'Condition',
      id: 'm1b',
      clinicalStatus: { coding: [{ code: 'active' }] },
      code: coded('https://hospital.example/tumour-documentation', 'M1b-OSS'),
      onsetDateTime: '2026-10-01',
    };
    const rule = prepared.knowledge.rules.get('start-antiresorptive');
    const play = (knowing: Prepared) =>
      rule &&
      playRule(knowing, rule, { name: '', chart: [problem, 'lifeExpectancy'], outcome: 'fires' }).kind;
    expect([play(prepared), play(shipped)]).toEqual(['fires', 'silent']);
  });

  it('make an order by OPS a cementoplasty', () => {
    const rule = prepared.knowledge.rules.get('percutaneous-tumour-board');
    const play = (knowing: Prepared) =>
      rule &&
      playRule(knowing, rule, {
        name: '',
        chart: ['vertebralMetastasisT10T11'],
        drafts: [
          {
            use: 'cementoplastyDraft',
            set: { code: coded('http://fhir.de/CodeSystem/bfarm/ops', 'OUR-VERTEBROPLASTY') },
          },
        ],
        outcome: 'fires',
      }).kind;
    expect([play(prepared), play(shipped)]).toEqual(['fires', 'silent']);
  });
});

it.each([
  ['8-522', true],
  ['8-522.d1', true],
  ['8-52', false],
  ['8-523', false],
])('of OPS %s is external-beam radiotherapy: %s', (code, is) => {
  const sets = shipped.terminology.setsOf('http://fhir.de/CodeSystem/bfarm/ops', code);
  expect([sets.includes('external-beam-radiotherapy'), sets.includes('radiotherapy-any')]).toEqual([is, is]);
});
