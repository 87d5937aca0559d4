import type { Rule } from '../knowledge/types.js';
import { citation } from '../publish/citation.js';
import type { RuleNeeds } from '../publish/rule-needs.js';
import { attributeList } from './attribute-list.js';
import { html, type Html } from './html.js';
import type { Knowing } from './knowing.js';
import type { Site } from './site.js';
import { textIn } from '../text.js';

/**
 * What users of a decision support intervention are owed, each under its name: where it comes from, who made it, on what it
 * rests.
 */
export function attributesOf(
  { texts: { attributes: words }, language, prepared: { knowledge }, wording }: Knowing,
  edition: string,
  rule: Rule,
  needs: RuleNeeds,
): readonly (readonly [string, string])[] {
  const reads = (part: 'age' | 'gender'): string =>
    needs.inputs.some((input) => input.kind === 'person' && input.part === part) ? words.used : words.unused;
  const assessments = needs.scores.map((id) => textIn(knowledge.scores.get(id)?.title, language) ?? id);
  return [
    [
      words.citation,
      `${wording.typeset(textIn(knowledge.guideline.title, language))}. ${citation(knowledge, rule, language)}`,
    ],
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
}

/** The same on the page of a rule. */
export function sourceAttributes({ knowing, edition, prefix }: Site, rule: Rule, needs: RuleNeeds): Html {
  return html`<p>${knowing.texts.attributes.lead}</p>
    ${attributeList(attributesOf(knowing, edition, rule, needs))}
    <p><a href="${prefix}/fhir/PlanDefinition/${rule.id}">${knowing.texts.rule.fhir}</a></p>`;
}

/** Day of the version in force, where its history tells it. */
function dateOf({ version, changes = [] }: Rule): string | undefined {
  return changes.find((change) => change.version === version)?.date;
}
