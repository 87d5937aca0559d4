import type { Chart } from '../chart/chart.js';
import { conceptText } from '../chart/element.js';
import { isNotUnderstood } from '../chart/not-understood.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Graph } from '../knowledge/reads.js';
import type { CompiledRule } from '../rules/evaluate.js';
import type { Terminology } from '../terminology/value-sets.js';
import { orderTypes } from '../resource-table.js';
import { memo } from '../memo.js';

/** An order of the request of whose code nothing is known; `system` is empty where it has a text alone. */
export interface OrderNotUnderstood {
  readonly type: string;
  readonly system: string;
}

/**
 * Types of the orders that the rules of a service are about; worked out once. A problem being recorded is no order: most of those
 * that a hospital records are none of ours.
 */
const orderTypesBy = memo((graph: Graph) =>
  memo((rules: readonly CompiledRule[]): ReadonlySet<string> => {
    const selections = rules.flatMap((rule) =>
      [...rule.inputs].flatMap((name) => graph.inputs.get(name)?.facts ?? []),
    );
    return new Set(
      selections
        .filter(({ from, type }) => from === 'request' && orderTypes.includes(type))
        .map(({ type }) => type),
    );
  }),
);

/** Orders of the kinds that the rules are about, which say what they are in a code or in words that no value set understands. */
export function ordersNotUnderstood(
  chart: Chart,
  rules: readonly CompiledRule[],
  {
    knowledge,
    terminology,
  }: { readonly knowledge: Pick<Knowledge, 'graph'>; readonly terminology: Terminology },
): readonly OrderNotUnderstood[] {
  return [...orderTypesBy(knowledge.graph)(rules)].flatMap((type) =>
    chart.ofType(type).flatMap((fact): readonly OrderNotUnderstood[] => {
      const { resource } = fact;
      const { codings } = fact.coded('code');
      if (!fact.draft || !isNotUnderstood(codings, terminology)) return [];
      const [first] = codings;
      if (first !== undefined) return [{ type, system: first.system ?? '' }];
      const isNamed =
        resource['medicationReference'] !== undefined ||
        wordElements.some((name) => conceptText(resource[name]) !== undefined);
      return isNamed ? [{ type, system: '' }] : [];
    }),
  );
}

const wordElements: readonly string[] = [
  'code',
  'medicationCodeableConcept',
  'serviceType',
  'appointmentType',
];
