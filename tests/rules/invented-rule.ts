import { openCase, type CaseSource } from '../../src/engine/case.js';
import type { Rule } from '../../src/knowledge/types.js';
import { compileRule, type Outcome } from '../../src/rules/evaluate.js';
import { prepared, today } from '../chart/charts.js';

const text = { en: 'x', fr: 'x' };
/** A rule that always fires. */
export const inventedRule: Rule = {
  id: 'invented',
  version: '1.0.0',
  status: 'active',
  title: text,
  recommendations: [],
  edition: '2022',
  section: '1',
  basis: 'guideline',
  condition: 'true',
  card: { indicator: 'warning', summary: text },
  examples: [],
};

/** What a rule that stands in no artifact says of a chart; it always fires, but for what is changed in it. */
export function outcomesOf(change: Partial<Rule>, source: Partial<CaseSource>): readonly Outcome[] {
  const empty = { resources: [], drafts: [], missingKeys: new Set<string>(), today };
  const { of, memory } = openCase(prepared, { ...empty, ...source });
  const rule = compileRule({ ...inventedRule, ...change }, prepared.inputs, prepared.knowledge);
  return rule.evaluate(of, memory);
}
