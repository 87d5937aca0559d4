import type { FhirResource } from '../cds-hooks/types.js';
import type { CardContext } from '../cards/actions.js';
import type { MadeCard } from '../cards/made-card.js';
import { epochDay } from '../chart/dates.js';
import { codings, objects } from '../chart/element.js';
import type { Gathered, Provision } from '../data/types.js';
import { isDated } from '../knowledge/dated.js';
import type { Language, ScoreItem } from '../knowledge/types.js';
import type { Outcome } from '../rules/evaluate.js';
import type { CompiledInput, Inputs } from '../rules/case.js';
import { gap } from '../rules/gap.js';
import { known, unknown } from '../rules/value.js';
import { answer, shownCards } from './answer.js';
import { epochDayOf, openCase } from './case.js';
import { keyOf } from './needs.js';
import type { Prepared, PreparedService } from './prepare.js';
import { isObject } from '../json.js';

/** What a fact is taken to be; `null`: not known. A date is `YYYY-MM-DD`, the answer to an item its code. */
export type Supposed = number | boolean | string | null;

/** A question that no patient stands behind. */
export interface WhatIf {
  readonly service: PreparedService;
  readonly chart: readonly FhirResource[];
  readonly drafts: readonly FhirResource[];
  /** Prefetch keys that could not be had. */
  readonly missingData: readonly string[];
  /** By the name of an input or the id of a score's item: what is supposed, whatever the chart says. */
  readonly facts: ReadonlyMap<string, Supposed>;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

/** What a hook call would be answered with, and what each rule said. */
export interface Supposition {
  readonly kind: 'cards' | 'data-unavailable';
  readonly cards: readonly MadeCard[];
  readonly outcomes: readonly Outcome[];
}

/** Answers a question as a hook call is answered, with some facts supposed. Pure but for the ids of the cards. */
export function whatIf(
  prepared: Prepared,
  asked: WhatIf,
  context: CardContext,
  language: Language,
): Supposition {
  const { service, drafts, today, facts } = asked;
  const inputs = supposing(prepared.inputs, facts);
  const answers = itemsAmong(prepared, facts);
  const chart = answers.length === 0 ? asked.chart : answered(prepared, asked, answers);
  const supposed = inputs === prepared.inputs ? prepared : { ...prepared, inputs };
  const result = answer({
    prepared: supposed,
    service,
    hook: { drafts, selected: 'all', today },
    needs: service.needs,
    gathered: gatheredFrom(chart, asked.missingData, service),
    context,
    language,
  });
  return {
    kind: result.kind,
    cards:
      result.kind === 'cards'
        ? shownCards(supposed, service, result.cards, language, { tables: false, drafts })
        : [],
    outcomes: result.outcomes,
  };
}

/** The inputs, those that are supposed in place of those that are read. */
function supposing(inputs: Inputs, facts: WhatIf['facts']): Inputs {
  const named = [...facts].flatMap(([name, supposed]): readonly (readonly [string, CompiledInput])[] => {
    const compiled = inputs.get(name);
    return compiled === undefined ? [] : [[name, { ...compiled, value: () => valueOf(compiled, supposed) }]];
  });
  return named.length === 0 ? inputs : new Map([...inputs, ...named]);
}

function valueOf({ input }: CompiledInput, supposed: Supposed): ReturnType<typeof known> {
  if (supposed === null) return unknown([gap('input', input.name)]);
  const isDate = isDated(input);
  const day = isDate && typeof supposed === 'string' ? epochDay(supposed) : undefined;
  return known([day ?? supposed]);
}

interface SupposedAnswer {
  readonly score: string;
  readonly item: ScoreItem;
  /** Left out: not known. */
  readonly answer: string | undefined;
}

function itemsAmong({ knowledge }: Prepared, facts: WhatIf['facts']): readonly SupposedAnswer[] {
  return [...knowledge.scores.values()].flatMap(({ id, items }) =>
    items.flatMap((item) => {
      const supposed = facts.get(item.id);
      if (supposed === undefined) return [];
      const code = item.answers.find((each) => `${item.id}-${each.code}` === supposed)?.code ?? supposed;
      return [{ score: id, item, answer: code === null ? undefined : String(code) }];
    }),
  );
}

/** The chart without what it says of these items, and with what is supposed of them, for each lesion. */
function answered(
  prepared: Prepared,
  asked: WhatIf,
  answers: readonly SupposedAnswer[],
): readonly FhirResource[] {
  const system = `${prepared.knowledge.canonicalBase}/CodeSystem/score`;
  const replaced = new Set(answers.map(({ item }) => item.id));
  const isReplaced = (concept: unknown): boolean =>
    isObject(concept) && codings(concept).some(({ code }) => replaced.has(code));
  const rest = asked.chart
    .filter((resource) => !isReplaced(resource['code']))
    .map((resource) => {
      const components = objects(resource['component']);
      const kept = components.filter((component) => !isReplaced(component['code']));
      if (kept.length === components.length) return resource;
      // A total that was recorded is that of the answers as they were.
      return { ...resource, valueInteger: undefined, component: kept };
    });
  const { of } = openCase(prepared, {
    resources: rest,
    drafts: asked.drafts,
    missingKeys: new Set(),
    today: epochDayOf(asked.today),
  });
  const added = answers.flatMap(({ score, item, answer: code }) => {
    if (code === undefined) return [];
    const isPerLesion = prepared.knowledge.scores.get(score)?.per === 'lesion';
    const about = isPerLesion ? of.lesions.map(({ reference }) => [{ reference }]) : [undefined];
    return about.map((focus, index): FhirResource => ({
      resourceType: 'Observation',
      id: `supposed-${item.id}-${String(index)}`,
      status: 'final',
      code: { coding: [{ system, code: item.id }] },
      ...(of.chart.patient?.id !== undefined && {
        subject: { reference: `Patient/${of.chart.patient.id}` },
      }),
      ...(focus !== undefined && { focus }),
      effectiveDateTime: asked.today,
      valueCodeableConcept: { coding: [{ system, code: `${item.id}-${code}` }] },
    }));
  });
  return [...rest, ...added];
}

function gatheredFrom(
  chart: readonly FhirResource[],
  missingData: readonly string[],
  service: PreparedService,
): Gathered {
  const provisions = new Map<string, Provision>(
    service.needs.map(({ key, resourceType }) => [
      key,
      missingData.includes(key)
        ? { state: 'missing', reason: 'failed-prefetch' }
        : {
            state: 'given',
            resources: chart.filter((resource) => resource.resourceType === resourceType),
            incomplete: false,
          },
    ]),
  );
  const read = new Set(service.needs.map(({ resourceType }) => resourceType));
  // Drugs that others refer to, and what this service never asks for but was given all the same.
  const companions = chart.filter(
    ({ resourceType }) => !read.has(resourceType) && !missingData.includes(keyOf(resourceType)),
  );
  return { provisions, companions, setAside: new Map(), requests: 0 };
}
