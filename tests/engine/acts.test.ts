import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import type { Fact } from '../../src/chart/chart.js';
import { addCalendar, toIsoDay } from '../../src/chart/dates.js';
import type { Gathered, Provision } from '../../src/data/types.js';
import { answer } from '../../src/engine/answer.js';
import { epochDayOf } from '../../src/engine/case.js';
import { exampleCase, exampleDay, resourceOf } from '../../src/engine/examples.js';
import { keyOf } from '../../src/engine/needs.js';
import type { AnsweredInput, ExamplePiece, RuleExample } from '../../src/knowledge/types.js';
import type { NamedInput } from '../../src/knowledge/knowledge.js';
import { within } from '../../src/knowledge/reads.js';
import type { CompiledRule } from '../../src/rules/evaluate.js';
import { calendarUnit } from '../../src/rules/select.js';
import type { Value } from '../../src/rules/value.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const today = epochDayOf(exampleDay);
type Answered = NamedInput & AnsweredInput;

/** The inputs behind a guard that ask whether a finding was answered. */
const answeredBehind = (names: Iterable<string>): readonly Answered[] =>
  [...within(names, prepared.knowledge.graph, ({ kind }) => kind === 'answered')].flatMap(
    (name): readonly Answered[] => {
      const input = prepared.knowledge.inputs.get(name);
      return input?.kind === 'answered' ? [input] : [];
    },
  );

const guarded = [...prepared.rules.values()].flatMap((rule) =>
  answeredBehind(rule.unless?.inputs ?? []).map((input) => [rule.rule.id, input.name, rule, input] as const),
);

/** What the chart of an example says of the input, for each subject of the rule. */
const valuesOf = (rule: CompiledRule, example: RuleExample, name: string): readonly Value[] => {
  const opened = exampleCase(prepared, example);
  return rule.evaluate(opened.of, opened.memory).map(({ valueOf }) => valueOf(name));
};

const isYes = ({ possible }: Value): boolean => possible.length === 1 && possible[0] === true;

const dated = [
  'authoredOn',
  'created',
  'date',
  'effectiveDateTime',
  'issued',
  'occurrenceDateTime',
  'onsetDateTime',
  'performedDateTime',
  'recordedDate',
] as const;
const periods = ['effectivePeriod', 'occurrencePeriod', 'performedPeriod', 'period', 'onsetPeriod'] as const;

/** The resource with each date that it bears on another day. */
function onDay(resource: FhirResource, day: string): FhirResource {
  const moved: Record<string, unknown> = { ...resource };
  for (const element of dated) if (element in resource) moved[element] = day;
  for (const element of periods) if (element in resource) moved[element] = { start: day, end: day };
  if ('start' in resource) {
    moved['start'] = `${day}T09:00:00Z`;
    moved['end'] = `${day}T09:30:00Z`;
  }
  return { ...moved, resourceType: resource.resourceType };
}

const keyOfResource = ({ resourceType, id }: FhirResource): string => `${resourceType}/${id ?? ''}`;

/** The example with the resources of these facts on another day. */
function moved(example: RuleExample, facts: readonly Fact[], day: number): RuleExample {
  const keys = new Set(facts.map(({ resource }) => keyOfResource(resource)));
  const chart = (example.chart ?? []).map((piece) => {
    const resource = resourceOf(piece, prepared);
    return keys.has(keyOfResource(resource)) ? onDay(resource, toIsoDay(day)) : resource;
  });
  return { ...example, chart };
}

interface Case {
  readonly example: RuleExample;
  /** The acts of the chart that answer, none of them a draft of the request. */
  readonly acts: readonly Fact[];
  readonly findings: readonly Fact[];
}

/** Examples in which something of the chart answers the finding. */
const answeredCases = (rule: CompiledRule, input: Answered): readonly Case[] =>
  rule.rule.examples.flatMap((example): readonly Case[] => {
    const opened = exampleCase(prepared, example);
    return rule.evaluate(opened.of, opened.memory).flatMap(({ valueOf }): readonly Case[] => {
      const value = valueOf(input.name);
      if (!isYes(value) || value.facts.some(({ draft }) => draft)) return [];
      return [
        {
          example,
          acts: value.facts,
          // What is certainly not there raises no question, whatever was examined.
          findings: (input.finding ?? [])
            .map(valueOf)
            .flatMap(({ possible, facts }) => (possible.length === 1 && possible[0] === false ? [] : facts)),
        },
      ];
    });
  });

const limitBefore = (name: string | undefined): number | undefined => {
  const setting = name === undefined ? undefined : prepared.knowledge.settings.get(name);
  return setting === undefined ? undefined : addCalendar(today, -setting.value, calendarUnit(setting.unit));
};

const firstDay = (facts: readonly Fact[]): number | undefined => {
  const days = facts.flatMap((fact) => (fact.draft ? [today] : [fact.when().end?.from ?? []].flat()));
  return days.length === 0 ? undefined : Math.max(...days);
};

let emergenciesTried = 0;
let requestsTried = 0;

describe('an act answers a finding', () => {
  it.each(guarded)('%s: %s, in an emergency or without a maximum age never from before it', (...row) => {
    const [, , rule, input] = row;
    if (input.finding === undefined) return;
    for (const { example, acts, findings } of answeredCases(rule, input)) {
      const day = firstDay(findings);
      if (day === undefined) continue;
      const oldest = limitBefore(input.earlierWithin);
      if (input.emergency === true || input.earlierWithin === undefined) {
        const before = valuesOf(rule, moved(example, acts, day - 1), input.name);
        expect([example.name, before.some(isYes)]).toEqual([example.name, false]);
        if (input.emergency === true) emergenciesTried += 1;
      } else if (oldest !== undefined) {
        const tooOld = valuesOf(rule, moved(example, acts, Math.min(oldest, day) - 1), input.name);
        expect([example.name, tooOld.some(isYes)]).toEqual([example.name, false]);
      }
    }
  });

  it.each(guarded)('%s: %s, asked for within the age of an open request and not a day longer', (...row) => {
    const [, , rule, input] = row;
    const limit = limitBefore(input.emergency === true ? 'emergencyRequestMaxAge' : 'openRequestMaxAge');
    if (limit === undefined) throw new Error('no setting');
    for (const { example, acts, findings } of answeredCases(rule, input)) {
      const asked = acts.every(({ state, resource }) => state === 'ordered' && 'authoredOn' in resource);
      if (!asked || findings.some(({ draft }) => draft)) continue;
      const at = (day: number) => valuesOf(rule, moved(example, [...findings, ...acts], day), input.name);
      expect([example.name, at(limit).some(isYes)]).toEqual([example.name, true]);
      expect([example.name, at(limit - 1).some(isYes)]).toEqual([example.name, false]);
      requestsTried += 1;
    }
  });

  it('was tried on emergencies and on requests', () => {
    expect(emergenciesTried).toBeGreaterThan(5);
    expect(requestsTried).toBeGreaterThan(20);
  });
});

/** Rules of which the review of a chart tells for certain. */
function said(chart: readonly ExamplePiece[]): readonly string[] {
  const service = prepared.services.get('bone-metastasis-review');
  if (service === undefined) throw new Error('no review');
  const resources = chart.map((piece) => resourceOf(piece, prepared));
  const provisions = new Map(
    service.needs.map(({ key }): [string, Provision] => [
      key,
      {
        state: 'given',
        resources: resources.filter(({ resourceType }) => keyOf(resourceType) === key),
        incomplete: false,
      },
    ]),
  );
  const gathered: Gathered = { provisions, companions: [], setAside: new Map(), requests: 0 };
  const context = {
    patientId: 'p',
    today: exampleDay,
    publicBaseUrl: 'https://cds.example',
    newId: () => 'id',
  };
  const hook = { drafts: [], selected: 'all', today: exampleDay } as const;
  const given = answer({ prepared, service, hook, needs: service.needs, gathered, context, language: 'en' });
  if (given.kind !== 'cards') throw new Error(given.kind);
  return given.cards.flatMap(({ outcomes }) =>
    outcomes.filter(({ kind }) => kind === 'fires').map(({ rule }) => rule.id),
  );
}

const answersOf = (
  score: string,
  answers: Readonly<Record<number, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(answers).map(([index, code]) => [
      `component[${index}].valueCodeableConcept.coding[0].code`,
      `${score}-${code}`,
    ]),
  );
const scored = (use: string, id: string, day: string, set: Readonly<Record<string, string>> = {}) => ({
  use,
  set: { id, effectiveDateTime: day, ...set },
});
const opinion = { use: 'surgicalOpinionGiven', set: { performedDateTime: '2026-09-20' } };
const at = (piece: { readonly use: string; readonly set: object }, code: string) => ({
  ...piece,
  set: { ...piece.set, bodySite: [{ coding: [{ system: 'http://snomed.info/sct', code }] }] },
});

const seven = answersOf('sins', { 1: 'pain-non-mechanical', 2: 'lesion-mixed' });
const fourteen = answersOf('sins', { 5: 'posterolateral-bilateral', 4: 'collapse-half-or-more' });
const mirelsSeven = answersOf('mirels', { 2: 'lesion-sclerotic' });
const mirelsTen = answersOf('mirels', { 3: 'pain-functional' });

describe('a worse second assessment speaks again', () => {
  const spine = 'vertebralMetastasisT10T11';
  const spinal = ['sins-surgical-opinion', 'sins-unstable'];

  it('SINS 7 seen by the surgeon, the same again, and 14', () => {
    const first = scored('sinsComplete', 'first', '2026-09-18', seven);
    const seen = [spine, first, at(opinion, '7610001')];
    const told = (chart: readonly ExamplePiece[]) => said(chart).filter((id) => spinal.includes(id));
    expect(told([spine, first])).toContain('sins-surgical-opinion');
    expect(told(seen)).toEqual([]);
    expect(told([...seen, scored('sinsComplete', 'second', '2026-10-14', seven)])).toEqual([]);
    expect(told([...seen, scored('sinsComplete', 'second', '2026-10-14', fourteen)])).toEqual(
      expect.arrayContaining(spinal),
    );
  });

  it('Frankel E, seen by the surgeon, and C', () => {
    const grade = (id: string, day: string, code: string) =>
      scored('frankelC', id, day, { 'valueCodeableConcept.coding[0].code': `frankel-${code}` });
    const seen = [spine, grade('first', '2026-09-18', 'e'), opinion];
    expect(said(seen)).not.toContain('deficit-decompression');
    expect(said([...seen, grade('second', '2026-10-14', 'e')])).not.toContain('deficit-decompression');
    expect(said([...seen, grade('second', '2026-10-14', 'c')])).toContain('deficit-decompression');
  });

  it('Mirels 7, discussed, and 10', () => {
    const femur = 'femurShaftMetastasis';
    const seen = [
      femur,
      scored('mirelsComplete', 'first', '2026-09-18', mirelsSeven),
      at(opinion, '41111004'),
    ];
    const surgery = 'mirels-prophylactic-surgery';
    expect(said(seen)).not.toContain(surgery);
    expect(said([...seen, scored('mirelsComplete', 'second', '2026-10-14', mirelsTen)])).toContain(surgery);
    const tenSeen = [
      femur,
      scored('mirelsComplete', 'first', '2026-09-18', mirelsTen),
      at(opinion, '41111004'),
    ];
    expect(said(tenSeen)).not.toContain(surgery);
  });
});

describe('a referral that names lesions', () => {
  const unstable = {
    use: 'sinsComplete',
    set: { 'component[5].valueCodeableConcept.coding[0].code': 'sins-posterolateral-bilateral' },
  };
  const lumbar: ExamplePiece = {
    use: 'vertebralMetastasisT10T11',
    set: { id: 'lumbar', bodySite: [{ coding: [{ system: 'http://snomed.info/sct', code: '36470004' }] }] },
  };
  const scores: readonly ExamplePiece[] = [
    unstable,
    { use: 'sinsComplete', set: { ...unstable.set, id: 'l3', focus: [{ reference: 'Condition/lumbar' }] } },
  ];
  const toldOf = (...reasons: readonly string[]): readonly string[] => {
    const rule = prepared.rules.get('sins-unstable');
    if (rule === undefined) throw new Error('no rule');
    const reasonReference = reasons.map((id) => ({ reference: `Condition/${id}` }));
    const opened = exampleCase(prepared, {
      name: '',
      chart: [
        'vertebralMetastasisT10T11',
        lumbar,
        ...scores,
        { use: 'surgicalOpinionOrder', set: { reasonReference } },
      ],
      outcome: 'fires',
    });
    return rule
      .evaluate(opened.of, opened.memory)
      .filter(({ kind }) => kind === 'fires')
      .map(({ subject }) => subject.lesion?.reference ?? '');
  };

  it.each([
    [['spine', 'lumbar'], []],
    [['spine'], ['Condition/lumbar']],
    [['lumbar'], ['Condition/spine']],
  ])('%j answers for these, and not for %j', (reasons, told) => {
    expect(toldOf(...reasons)).toEqual(told);
  });
});
