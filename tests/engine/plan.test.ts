import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { mayCoincide, type Location } from '../../src/chart/sites.js';
import { loadMoments } from '../../src/cli/moments.js';
import { exampleDay, resourceOf } from '../../src/engine/examples.js';
import { whatIf, type Supposition } from '../../src/engine/what-if.js';
import type { Prepared, PreparedService } from '../../src/engine/prepare.js';
import type { Rule, RuleExample } from '../../src/knowledge/types.js';
import { lookedAt, type Outcome } from '../../src/rules/evaluate.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const rules = [...prepared.rules.values()].map(({ rule }) => rule);

/**
 * What the clinical decisions call a contradiction at one lesion or for one order: the first leads. `apart`: both may be said, but in
 * one card, the first on top.
 */
const contradictions: readonly {
  readonly leads: string;
  readonly yields: string;
  readonly apart: boolean;
}[] = [
  { leads: 'emergency', yields: 'percutaneous', apart: true },
  { leads: 'emergency', yields: 'preventive-surgery', apart: true },
  { leads: 'emergency', yields: 'prognosis', apart: false },
  { leads: 'stability', yields: 'preventive-surgery', apart: false },
  { leads: 'stability', yields: 'prognosis', apart: false },
  { leads: 'sins-unstable', yields: 'percutaneous', apart: true },
  { leads: 'fracture', yields: 'preventive-surgery', apart: true },
  { leads: 'surgery-short-life-expectancy', yields: 'surgical-option', apart: true },
  { leads: 'contraindication', yields: 'how-to', apart: true },
  { leads: 'referral-before-radiotherapy', yields: 'surgery-before-radiotherapy', apart: true },
];

const isOf = ({ id, kind }: Rule, name: string): boolean => id === name || kind === name;

interface Pair {
  readonly service: PreparedService;
  readonly first: Rule;
  readonly second: Rule;
  readonly apart: boolean;
}

/** All pairs of rules of one service that contradict each other. */
const pairs: readonly Pair[] = [...prepared.services.values()].flatMap((service) =>
  contradictions.flatMap(({ leads, yields, apart }) => {
    const all = service.rules.map(({ rule }) => rule);
    return all
      .filter((rule) => isOf(rule, leads))
      .flatMap((first) =>
        all
          .filter((rule) => rule !== first && isOf(rule, yields))
          .map((second) => ({ service, first, second, apart })),
      );
  }),
);

const firing = (rule: Rule): readonly RuleExample[] =>
  rule.examples.filter(({ outcome, missingData }) => outcome === 'fires' && missingData === undefined);

/** The chart of both examples as one; of two resources of one id, and of two answers to one question, that of the first stays. */
function together(...examples: readonly RuleExample[]): Pick<Screen, 'chart' | 'drafts'> {
  const resources = (pieces: RuleExample['chart'] = []): readonly FhirResource[] =>
    pieces.map((piece) => resourceOf(piece, prepared));
  const unique = (all: readonly FhirResource[]): readonly FhirResource[] => [
    ...new Map([...all].reverse().map((each) => [`${each.resourceType}/${String(each.id)}`, each])).values(),
  ];
  return {
    chart: unique(examples.flatMap(({ chart }) => resources(chart))),
    drafts: unique(examples.flatMap(({ drafts }) => resources(drafts))),
  };
}

interface Screen {
  readonly service: PreparedService;
  readonly chart: readonly FhirResource[];
  readonly drafts: readonly FhirResource[];
}

function shown({ service, chart, drafts }: Screen, by: Prepared = prepared): Supposition {
  let id = 0;
  return whatIf(
    by,
    { service, chart, drafts, missingData: [], facts: new Map(), today: exampleDay },
    {
      patientId: 'p',
      today: exampleDay,
      publicBaseUrl: 'https://cds.example.org',
      newId: () => `00000000-0000-4000-8000-${String(++id).padStart(12, '0')}`,
    },
    'en',
  );
}

const spine = ['cervical-spine', 'thoracic-spine', 'lumbar-spine', 'sacrum'];
const troubles = [
  'cord-compression',
  'cauda-equina',
  'pathological-fracture',
  'pathological-fracture-at-metastasis',
];

/** The sites of the compression or fracture that an outcome about the patient rests on; undefined where none says so. */
function troubled(outcome: Outcome): readonly Location[] | undefined {
  const facts = [...lookedAt(outcome).values()].flatMap((value) => value.facts);
  const sited = facts
    .filter(({ sets }) => troubles.some((set) => sets.has(set)))
    .flatMap((fact) => prepared.sites.locate(fact.coded('bodySite').codings));
  return sited.length === 0 ? undefined : sited;
}

/** Whether two outcomes are about one lesion or order. What is about the patient lies where its finding does, else in the spine. */
function isOnePlace(a: Outcome, b: Outcome): boolean {
  if (a.subject.item !== undefined || b.subject.item !== undefined)
    return a.subject.item?.reference === b.subject.item?.reference;
  if (a.subject.lesion !== undefined && b.subject.lesion !== undefined)
    return a.subject.lesion.reference === b.subject.lesion.reference;
  const lesion = a.subject.lesion ?? b.subject.lesion;
  const [patient] = [a, b].filter(({ subject }) => subject.lesion === undefined);
  if (lesion === undefined || patient === undefined) return true;
  const sited = troubled(patient);
  return lesion.locations.some((where) =>
    sited === undefined
      ? prepared.sites.within(where, spine) === true
      : sited.some((each) => mayCoincide(each, where)),
  );
}

/** The contradictions that stand on a screen: in two cards, or in one where the first does not lead. */
function standing({ cards }: Pick<Supposition, 'cards'>): readonly string[] {
  const told = cards.flatMap(({ outcomes }, at) =>
    outcomes.filter(({ kind }) => kind === 'fires').map((outcome, place) => ({ outcome, at, place })),
  );
  return contradictions.flatMap(({ leads, yields, apart }) =>
    told
      .filter(({ outcome }) => isOf(outcome.rule, leads))
      .flatMap((first) =>
        told
          .filter((other) => other !== first && isOf(other.outcome.rule, yields))
          .filter((other) => isOnePlace(first.outcome, other.outcome))
          .filter((other) => apart || other.at !== first.at || other.place < first.place)
          .map((other) => `${first.outcome.rule.id} and ${other.outcome.rule.id}`),
      ),
  );
}

describe('the plan of a lesion or an order', () => {
  it('knows a pair of rules for each contradiction that is decided on', () => {
    for (const { leads, yields } of contradictions) {
      expect(
        pairs.filter(({ first, second }) => isOf(first, leads) && isOf(second, yields)).length,
      ).toBeGreaterThan(0);
    }
  });

  it('lets no contradiction stand, whichever two rules meet in one chart', () => {
    const found: string[] = [];
    let met = 0;
    for (const { service, first, second } of pairs) {
      const [one] = firing(first);
      for (const two of firing(second).slice(0, 1)) {
        if (one === undefined) continue;
        const screen = shown({ service, ...together(one, two) });
        const kinds = screen.outcomes.filter(
          ({ kind, withheldBy }) => kind === 'fires' || withheldBy !== undefined,
        );
        if ([first, second].every((rule) => kinds.some((outcome) => outcome.rule.id === rule.id))) met++;
        found.push(...standing(screen).map((pair) => `${service.definition.id}: ${pair}`));
      }
    }
    expect([...new Set(found)]).toEqual([]);
    // Most pairs can be brought together by the examples of their rules.
    expect(met).toBeGreaterThan(pairs.length / 2);
  });

  it('lets none stand for the demo patients, nor in the chart of any example', () => {
    const moments = loadMoments();
    const screens = [
      ...moments.moments.map((moment) => moments.answer(moment, prepared, 'en')),
      ...rules.flatMap((rule) => {
        const service = [...prepared.services.values()].find((each) =>
          each.rules.some((compiled) => compiled.rule === rule),
        );
        return service === undefined
          ? []
          : firing(rule)
              .slice(0, 2)
              .map((example) => shown({ service, ...together(example) }));
      }),
    ];
    expect(screens.length).toBeGreaterThan(200);
    expect([...new Set(screens.flatMap(standing))]).toEqual([]);
  });

  it('would be found: without what the plan rules out, contradictions stand', () => {
    const unplanned = { ...prepared, plan: { ...prepared.plan, exclusions: [] } };
    const [pair] = pairs.filter(
      ({ first, second }) =>
        first.id === 'sins-unstable' && second.id === 'cementoplasty-for-uncontrolled-pain',
    );
    const [one, two] = [pair?.first, pair?.second].map((rule) =>
      rule === undefined ? undefined : firing(rule)[0],
    );
    if (pair === undefined || one === undefined || two === undefined) throw new Error('no such pair');
    const screen = { service: pair.service, ...together(one, two) };
    expect(standing(shown(screen, unplanned))).toContain(
      'sins-unstable and cementoplasty-for-uncontrolled-pain',
    );
    const planned = shown(screen);
    expect(standing(planned)).toEqual([]);
    expect(
      planned.outcomes.find(({ rule }) => rule.id === 'cementoplasty-for-uncontrolled-pain')?.withheldBy,
    ).toBe('unstable-here');
  });
});
