import type { Coverage, Knowledge, Recommendation } from '../knowledge/knowledge.js';
import { sectionIn } from '../knowledge/source-values.js';
import { type Indicator, type Language, type Rule } from '../knowledge/types.js';
import { folded } from './folded.js';
import { textIn } from '../text.js';

/** A recommendation with the rules that carry it out. */
export interface Entry {
  readonly recommendation: Recommendation;
  readonly coverage: Coverage | undefined;
  readonly rules: readonly Rule[];
  /** Id of its topic. */
  readonly topic: string;
  /** Ids of the services that ask one of its rules. */
  readonly services: ReadonlySet<string>;
  readonly severities: ReadonlySet<Indicator>;
  /** What a search looks at, in each language. */
  readonly searched: readonly string[];
}

/** What a reader may ask the list for; each left out where everything is wanted. */
export interface Filters {
  readonly q?: string;
  readonly topic?: string;
  readonly service?: string;
  readonly severity?: Indicator;
  readonly edition?: string;
  readonly alert?: 'yes' | 'no';
}

/** All recommendations in the order of the artifacts. */
export function entriesOf(knowledge: Knowledge): readonly Entry[] {
  const byRecommendation = new Map<string, Rule[]>();
  for (const rule of knowledge.rules.values()) {
    for (const id of rule.recommendations)
      byRecommendation.set(id, [...(byRecommendation.get(id) ?? []), rule]);
  }
  return [...knowledge.recommendations.values()].map((recommendation) =>
    entryOf(recommendation, byRecommendation.get(recommendation.id) ?? [], knowledge),
  );
}

function entryOf(recommendation: Recommendation, carriedOutBy: readonly Rule[], knowledge: Knowledge): Entry {
  const { id, section, title } = recommendation;
  const coverage = knowledge.coverage.get(id);
  const lead = ruleIn(coverage, knowledge);
  const isOwn = coverage === undefined || 'rule' in coverage;
  const rules = isOwn
    ? [...new Set([...(lead === undefined ? [] : [lead]), ...carriedOutBy])]
    : lead === undefined
      ? []
      : [lead];
  const services = [...knowledge.services.values()].filter((service) =>
    rules.some((rule) => service.rules.includes(rule.id)),
  );
  const searched = (language: Language): string =>
    folded(
      [
        id,
        textIn(title, language),
        sectionIn(section, language),
        ...(coverage !== undefined && 'none' in coverage ? [textIn(coverage.none, language)] : []),
        ...rules.flatMap((rule) => [
          rule.id,
          textIn(rule.title, language),
          textIn(rule.card.summary, language),
          ...(rule.card.detail === undefined ? [] : [textIn(rule.card.detail, language)]),
        ]),
      ].join(' '),
    );
  return {
    recommendation,
    coverage,
    rules,
    topic: topicOf(id, rules, knowledge),
    services: new Set(services.map((service) => service.id)),
    severities: new Set(rules.map(({ card }) => card.indicator)),
    searched: knowledge.languages.map(({ code }) => searched(code)),
  };
}

/** The rule that carries a recommendation out, or in whose card it is said. */
export function ruleIn(coverage: Coverage | undefined, { rules }: Knowledge): Rule | undefined {
  if (coverage === undefined || 'none' in coverage) return undefined;
  return rules.get('rule' in coverage ? coverage.rule : coverage.within);
}

function topicOf(id: string, [first]: readonly Rule[], { topics, topicOfRule }: Knowledge): string {
  const own = first === undefined ? undefined : topicOfRule.get(first.id);
  const series = [...topics].find(([, topic]) => topic.series?.includes(id.charAt(0)) === true)?.[0];
  return own ?? series ?? '';
}

/** The entries that a reader asked for; all words of the search must be there, in one language. */
export function filtered(entries: readonly Entry[], filters: Filters): readonly Entry[] {
  const { q = '', topic, service, severity, edition, alert } = filters;
  const words = folded(q)
    .split(' ')
    .filter((word) => word !== '');
  return entries.filter(
    (entry) =>
      entry.searched.some((text) => words.every((word) => text.includes(word))) &&
      (topic === undefined || entry.topic === topic) &&
      (service === undefined || entry.services.has(service)) &&
      (severity === undefined || entry.severities.has(severity)) &&
      (edition === undefined || entry.recommendation.edition === edition) &&
      (alert === undefined || entry.rules.length > 0 === (alert === 'yes')),
  );
}
