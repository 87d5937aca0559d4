import { entriesOf } from '../read/artifacts.js';
import { checkName } from './context.js';
import type { Artifacts, CheckContext } from './context.js';
import { show } from '../read/source.js';

/**
 * What became of each recommendation is said once, and agrees with the rules. A folder that says nothing of it (a hospital's own
 * rules, tests) owes nothing.
 */
export function checkCoverage(context: CheckContext, artifacts: Artifacts): void {
  const { coverage, recommendations, rules, services } = artifacts;
  if (coverage.length === 0) return;
  const statedBy = new Map(rules.map(({ value }) => [value.id, new Set(value.recommendations)]));
  const listed = new Set(services.flatMap(({ value }) => value.rules));
  const said = new Map<string, string>();
  for (const artifact of coverage) {
    const { source } = artifact;
    for (const [id, entry] of entriesOf(artifact)) {
      const elsewhere = said.get(id);
      if (elsewhere !== undefined)
        context.report(
          source.problemAtKey('ID_REPEATED', [id], 'a recommendation once', `${id}, also in ${elsewhere}`),
        );
      said.set(id, source.file);
      if (!context.names.recommendations.has(id))
        context.report(source.problemAtKey('NAME_UNKNOWN', [id], 'the id of a recommendation', show(id)));
      if ('none' in entry) continue;
      const key = 'rule' in entry ? 'rule' : 'within';
      const rule = 'rule' in entry ? entry.rule : entry.within;
      checkName(context, source, [id, key], rule, 'rule');
      if (!statedBy.has(rule)) continue;
      if (!listed.has(rule))
        context.report(source.problem('RULE_UNLISTED', [id, key], 'a rule that a service lists', show(rule)));
      if (key === 'rule' && statedBy.get(rule)?.has(id) === false)
        context.report(
          source.problem(
            'COVERAGE_INVALID',
            [id, key],
            `a rule whose recommendations name ${id}`,
            show(rule),
          ),
        );
    }
  }
  for (const artifact of recommendations) {
    for (const [id] of entriesOf(artifact)) {
      if (said.has(id)) continue;
      const expected = 'what became of it, in coverage/';
      context.report(artifact.source.problemAtKey('COVERAGE_INVALID', [id], expected, 'nothing'));
    }
  }
}
