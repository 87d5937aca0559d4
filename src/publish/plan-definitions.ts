import type {
  DataRequirement,
  Expression,
  Extension,
  PlanDefinition,
  PlanDefinitionAction,
  RelatedArtifact,
} from 'fhir/r4.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { ActionTemplate, Indicator, Language, Rule, SuggestionTemplate } from '../knowledge/types.js';
import { canonical, computerName, localVersion, publishedBy, translation } from './canonical.js';
import { citation } from './citation.js';
import { needsOfRule, type RuleNeeds } from './rule-needs.js';
import { madeOf, textIn } from '../text.js';

const priorities = { info: 'routine', warning: 'urgent', critical: 'stat' } as const satisfies Readonly<
  Record<Indicator, PlanDefinitionAction['priority']>
>;

const actionTypes = { create: 'create', update: 'update', delete: 'remove' } as const satisfies Readonly<
  Record<ActionTemplate['type'], string>
>;

/**
 * One event-condition-action PlanDefinition per rule in force. Braces in an action's title and description are the
 * card's placeholders: they name inputs and settings.
 * @param edition rules that a later edition added are left out, as the service leaves them out
 */
export function planDefinitions(
  knowledge: Knowledge,
  edition: string,
  language: Language,
): readonly PlanDefinition[] {
  return [...knowledge.rules.values()]
    .filter((rule) => rule.edition <= edition)
    .map((rule) => planDefinition(knowledge, rule, language));
}

function planDefinition(knowledge: Knowledge, rule: Rule, language: Language): PlanDefinition {
  const { id, version, title, status } = rule;
  const needs = needsOfRule(knowledge, rule);
  const extension = variables(knowledge, needs, language);
  const changes = localChanges(knowledge, rule, needs);
  const titles = rule.recommendations.map(
    (code) => knowledge.recommendations.get(code)?.title ?? { en: code, fr: code },
  );
  const description = madeOf(titles, (said) => titles.map(said).join('; '));
  return {
    resourceType: 'PlanDefinition',
    id,
    language,
    // FHIR knows no empty list.
    ...(extension.length > 0 && { extension }),
    url: canonical(knowledge.canonicalBase, 'PlanDefinition', id),
    version: changes.length === 0 ? version : localVersion(version, changes),
    name: computerName(id),
    title: textIn(title, language),
    _title: translation(title, language),
    type: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/plan-definition-type', code: 'eca-rule' }],
    },
    status,
    experimental: false,
    ...publishedBy(knowledge.guideline, language),
    copyright: textIn(knowledge.guideline.copyright, language),
    _copyright: translation(knowledge.guideline.copyright, language),
    subjectCodeableConcept: {
      coding: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Patient' }],
    },
    description: textIn(description, language),
    _description: translation(description, language),
    relatedArtifact: related(knowledge, rule, needs, language),
    action: [action(knowledge, rule, needs, language)],
  };
}

/** What a hospital changed of the rule: its words, its status, numbers that its conditions look at. */
function localChanges({ overrides }: Knowledge, { id }: Rule, { settings }: RuleNeeds): readonly string[][] {
  return overrides
    .filter(({ kind, name }) => {
      if (kind === 'setting') return settings.includes(name);
      return kind === 'rule' ? name === id : kind === 'text' && name.startsWith(`${id}.`);
    })
    .map(({ name, to }) => [name, to]);
}

function fhirpath(expression: string, description: string): Expression {
  return { language: 'text/fhirpath', expression, description };
}

/** Settings with the value in force, then what is calculated, each after what it is made of. */
function variables({ settings }: Knowledge, needs: RuleNeeds, language: Language): Extension[] {
  const fixed = needs.settings.flatMap((name) => {
    const setting = settings.get(name);
    if (setting === undefined) return [];
    const unit = setting.unit === undefined ? '' : ` (${setting.unit})`;
    return [{ name, ...fhirpath(String(setting.value), `${textIn(setting.text, language)}${unit}`) }];
  });
  const calculated = needs.expressions.map(({ name, title, expression }) => ({
    name,
    ...fhirpath(expression, textIn(title, language)),
  }));
  return [...fixed, ...calculated].map((valueExpression) => ({
    url: 'http://hl7.org/fhir/StructureDefinition/variable',
    valueExpression,
  }));
}

function related(knowledge: Knowledge, rule: Rule, needs: RuleNeeds, language: Language): RelatedArtifact[] {
  const sets = [...new Set(needs.selections.flatMap(({ valueSet }) => valueSet ?? []))];
  return [
    { type: 'citation', citation: citation(knowledge, rule, language) },
    ...needs.scores.map((score): RelatedArtifact => {
      return { type: 'depends-on', resource: canonical(knowledge.canonicalBase, 'Questionnaire', score) };
    }),
    ...sets.map((set): RelatedArtifact => ({
      type: 'depends-on',
      resource: canonical(knowledge.canonicalBase, 'ValueSet', set),
    })),
  ];
}

function action(
  knowledge: Knowledge,
  rule: Rule,
  needs: RuleNeeds,
  language: Language,
): PlanDefinitionAction {
  const { summary, detail, indicator, suggestions = [] } = rule.card;
  const hooks = [...knowledge.services.values()]
    .filter((service) => service.rules.includes(rule.id))
    .flatMap((service) => service.hooks);
  return {
    title: textIn(summary, language),
    _title: translation(summary, language),
    ...(detail !== undefined && {
      description: textIn(detail, language),
      _description: translation(detail, language),
    }),
    priority: priorities[indicator],
    code: rule.recommendations.map((code) => {
      const display = textIn(knowledge.recommendations.get(code)?.title, language);
      return {
        coding: [
          {
            system: canonical(knowledge.canonicalBase, 'CodeSystem', 'recommendation'),
            code,
            ...(display !== undefined && { display }),
          },
        ],
      };
    }),
    documentation: [
      { type: 'citation', citation: citation(knowledge, rule, language) },
      // What each variable of the conditions stands for; how it is found in the chart is the service's own.
      ...needs.inputs.map(({ name, title }): RelatedArtifact => {
        return { type: 'documentation', label: `%${name}`, display: textIn(title, language) };
      }),
    ],
    trigger: [...new Set(hooks)].map((name) => ({ type: 'named-event', name })),
    ...applicability([rule.when, rule.condition], rule.unless, textIn(rule.title, language)),
    ...(needs.selections.length > 0 && {
      input: needs.selections.map((each) => dataRequirement(knowledge, each)),
    }),
    ...(suggestions.length > 0 && {
      selectionBehavior: selectionBehavior(rule),
      action: suggestions.map((each) => suggestion(each, language)),
    }),
  };
}

/** What has to hold; a guard that is not known to hold does not silence. */
function applicability(
  conditions: readonly (string | undefined)[],
  unless: string | undefined,
  description: string,
): Pick<PlanDefinitionAction, 'condition'> {
  const expressions = [...conditions, unless === undefined ? undefined : `iif(${unless}, false, true)`];
  const condition = expressions
    .filter((expression) => expression !== undefined)
    .map((expression) => ({
      kind: 'applicability' as const,
      expression: fhirpath(expression, description),
    }));
  return condition.length === 0 ? {} : { condition };
}

/** The element's id is the name of the variable in the condition that is made from these data. */
function dataRequirement(
  knowledge: Knowledge,
  { id, type, path, valueSet }: RuleNeeds['selections'][number],
): DataRequirement {
  return {
    id,
    type: isFhirType(type) ? type : 'Any',
    ...(path !== undefined &&
      valueSet !== undefined && {
        codeFilter: [{ path, valueSet: canonical(knowledge.canonicalBase, 'ValueSet', valueSet) }],
      }),
  };
}

/** The schema of the artifacts admits resource types only. */
function isFhirType(type: string): type is DataRequirement['type'] {
  return /^[A-Z][A-Za-z]+$/.test(type);
}

/** As the card has it: suggestions that change the order at hand are alternatives. */
function selectionBehavior({ card }: Rule): PlanDefinitionAction['selectionBehavior'] {
  const changing = (card.suggestions ?? []).filter(({ actions }) =>
    actions.some(({ type }) => type !== 'create'),
  );
  return card.selectionBehavior ?? (changing.length > 1 ? 'at-most-one' : 'any');
}

function suggestion(
  { label, recommended, when, unless, actions }: SuggestionTemplate,
  language: Language,
): PlanDefinitionAction {
  const steps = actions.map(({ type, description }) => ({
    description: textIn(description, language),
    _description: translation(description, language),
    type: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/action-type', code: actionTypes[type] }],
    },
  }));
  return {
    title: textIn(label, language),
    _title: translation(label, language),
    requiredBehavior: 'could',
    precheckBehavior: recommended === true ? 'yes' : 'no',
    ...applicability([when], unless, textIn(label, language)),
    selectionBehavior: 'all',
    action: steps,
  };
}
