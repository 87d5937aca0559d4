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
  { say, language, prepared: { knowledge }, wording }: Knowing,
  edition: string,
  rule: Rule,
  needs: RuleNeeds,
): readonly (readonly [string, string])[] {
  const reads = (part: 'age' | 'gender'): string =>
    needs.inputs.some((input) => input.kind === 'person' && input.part === part)
      ? say('attributes.used')
      : say('attributes.unused');
  const { version } = rule;
  const date = dateOf(rule);
  const releasedIs =
    date === undefined
      ? say('attributes.releasedIs', { version, edition })
      : say('attributes.releasedOn', { version, date, edition });
  const assessments = needs.scores.map((id) => textIn(knowledge.scores.get(id)?.title, language) ?? id);
  return [
    [
      say('attributes.citation'),
      `${wording.typeset(textIn(knowledge.guideline.title, language))}. ${citation(knowledge, rule, language)}`,
    ],
    [say('attributes.developer'), say('attributes.developerIs')],
    [say('attributes.funding'), say('attributes.fundingIs')],
    [say('attributes.released'), releasedIs],
    [say('attributes.birth'), reads('age')],
    [say('attributes.sex'), reads('gender')],
    [say('attributes.race'), say('attributes.unused')],
    [say('attributes.health'), assessments.length === 0 ? say('attributes.unused') : assessments.join(', ')],
    [say('attributes.validation'), say('attributes.validationIs', { examples: rule.examples.length })],
    [say('attributes.intended'), say('attributes.intendedIs')],
  ];
}

/** The same on the page of a rule. */
export function sourceAttributes({ knowing, edition, prefix }: Site, rule: Rule, needs: RuleNeeds): Html {
  const { say } = knowing;
  return html`<p>${say('attributes.lead')}</p>
    ${attributeList(attributesOf(knowing, edition, rule, needs))}
    <p><a href="${prefix}/fhir/PlanDefinition/${rule.id}">${say('rule.fhir')}</a></p>`;
}

/** Day of the version in force, where its history tells it. */
function dateOf({ version, changes = [] }: Rule): string | undefined {
  return changes.find((change) => change.version === version)?.date;
}
