import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { createMetrics } from '../../src/http/metrics.js';

/** A store with one item of feedback. */
export const storeOfMetrics = {
  feedbackCounts: () =>
    Promise.resolve([{ rule: 'r', service: 's', outcome: 'overridden' as const, reason: 'done', count: 1 }]),
  queueCounts: () => ({ waiting: 0, dropped: 0, faults: 0 }),
};

type Labels = ReadonlyMap<string, ReadonlySet<string>>;

/** Labels of every series that the service has once it was used, with those that Prometheus adds. */
export async function exportedLabels(): Promise<Labels> {
  const metrics = createMetrics(storeOfMetrics);
  metrics.hookAnswered('s', 'patient-view', 200, 0.1);
  metrics.ruleOutcomes('s', new Map([['r', 'fires']]));
  metrics.cardShown('s', 'r', 'info');
  metrics.cardUnchecked('s', 'r');
  metrics.fhirFailed('timeout');
  metrics.typeUnserved('c', 'Goal', 'not-found');
  metrics.orderNotUnderstood('s', 'ServiceRequest', 'http://loinc.org');
  metrics.refused('UNAUTHORIZED');
  const labels = new Map<string, Set<string>>();
  for (const line of (await metrics.registry.metrics()).split('\n')) {
    if (line.startsWith('#')) continue;
    const [, name = '', inside = ''] = /^(\w+)(?:\{(.*)\})?/.exec(line) ?? [];
    const known = labels.get(name) ?? new Set(['job', 'instance']);
    for (const [, label = ''] of inside.matchAll(/(\w+)="/g)) known.add(label);
    labels.set(name, known);
  }
  return labels;
}

export interface PrometheusRule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export const rulesFile = 'deploy/prometheus-rules.yaml';

/** All rules of the file that is deployed, in their order. */
export function prometheusRules(): readonly PrometheusRule[] {
  const { groups } = parse(readFileSync(rulesFile, 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly PrometheusRule[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

/** Series that those rules record, with the labels that they are summed by or have from what they are made of. */
export function recordedLabels(): Labels {
  const labels = new Map<string, Set<string>>([
    ['ALERTS', new Set(['alertname', 'alertstate', 'severity', 'kind', 'job', 'service', 'rule'])],
  ]);
  for (const { record, expr } of prometheusRules()) {
    if (record === undefined) continue;
    const [, list] = /^\(*sum by \(([^)]*)\)/.exec(expr) ?? [];
    const of = seriesIn(expr).flatMap((name) => [...(labels.get(name) ?? [])]);
    labels.set(record, new Set(list === undefined ? of : list.split(', ')));
  }
  return labels;
}

const words = new Set(['and', 'or', 'unless', 'by', 'without', 'on', 'ignoring', 'offset']);

/** Names of the series that an expression asks for. */
export function seriesIn(expression: string): readonly string[] {
  const bare = expression
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\b(?:by|without|on|ignoring) \([^)]*\)/g, ' ')
    .replace(/\boffset \w+/g, ' ');
  return [...bare.matchAll(/(?<![\w.])[a-zA-Z_][\w:]*(?!\w|:|\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => !words.has(name));
}

/** What an expression asks for and nobody has: series, labels that are chosen by, labels that are summed by. */
export function unknownIn(expression: string, known: Labels): readonly string[] {
  const series = seriesIn(expression);
  const missing = series.filter((name) => !known.has(name)).map((name) => `${name} does not exist`);
  const chosen = [...expression.matchAll(/([\w:]+)\{([^}]*)\}/g)].flatMap(([, name = '', inside = '']) =>
    [...inside.matchAll(/(\w+)[!=]/g)]
      .map(([, label = '']) => label)
      .filter((label) => known.get(name)?.has(label) === false)
      .map((label) => `${name} has no ${label}`),
  );
  const grouped = [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list
      .split(', ')
      .filter((label) => !series.some((name) => known.get(name)?.has(label)))
      .map((label) => `nothing has ${label}`),
  );
  return [...missing, ...chosen, ...grouped];
}
