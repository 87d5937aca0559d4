import type { Rule } from '../knowledge/types.js';
import { citation } from '../publish/citation.js';
import type { RuleNeeds } from '../publish/rule-needs.js';
import { attributeList } from './attribute-list.js';
import { html, type Html } from './html.js';
import type { Site } from './site.js';

/** What users of a decision support intervention are owed: where it comes from, who made it, on what it rests. */
export function sourceAttributes({ knowing, edition, prefix }: Site, rule: Rule, needs: RuleNeeds): Html {
  const { texts, language, prepared, wording } = knowing;
  const { attributes: words } = texts;
  const reads = (part: 'age' | 'gender'): string =>
    needs.inputs.some((input) => input.kind === 'person' && input.part === part) ? words.used : words.unused;
  const assessments = needs.scores.map((id) => prepared.knowledge.scores.get(id)?.title[language] ?? id);
  const entries: readonly (readonly [string, string])[] = [
    [words.citation, `${wording.phrase('source-name')}. ${citation(prepared.knowledge, rule, language)}`],
    [words.developer, words.developerIs],
    [words.funding, words.fundingIs],
    [words.released, words.releasedIs(rule.version, dateOf(rule), edition)],
    [words.birth, reads('age')],
    [words.sex, reads('gender')],
    [words.race, words.unused],
    [words.health, assessments.length === 0 ? words.unused : assessments.join(', ')],
    [words.validation, words.validationIs(rule.examples.length)],
    [words.intended, words.intendedIs],
  ];
  return html`<p>${words.lead}</p>
    ${attributeList(entries)}
    <p><a href="${prefix}/fhir/PlanDefinition/${rule.id}">${texts.rule.fhir}</a></p>`;
}

/** Day of the version in force, where its history tells it. */
function dateOf({ version, changes = [] }: Rule): string | undefined {
  return changes.find((change) => change.version === version)?.date;
}
