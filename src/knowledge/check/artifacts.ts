import type { Artifact } from '../read/artifacts.js';
import { entriesOf, stemOf, folderOf } from '../read/artifacts.js';
import { checkFhirpath, checkName, checkNames, namesOf } from './context.js';
import type { Artifacts, CheckContext, CheckExpression, KindedSource } from './context.js';
import { checkCoverage } from './coverage.js';
import { checkGuideline } from './guideline.js';
import { checkInputs } from './inputs.js';
import { checkRule, checkSuggestion } from './rule.js';
import { checkScore } from './score.js';
import { messageProblems, textProblems } from './text.js';
import { checkCatalogues } from './catalogues.js';
import { engineSettings } from '../engine-settings.js';
import type { Report } from '../problem.js';
import { show } from '../read/source.js';
import type { Path } from '../read/artifact-file.js';
import type { Setting } from '../types.js';

function checkIds(
  context: CheckContext,
  artifacts: readonly Artifact<{ readonly id?: string | undefined }>[],
): void {
  const seen = new Map<string, string>();
  for (const { source, value } of artifacts) {
    const stem = stemOf(source.file);
    const id = value.id ?? '';
    if (id !== stem)
      context.report(source.problem('ID_INVALID', ['id'], `the file's name, ${stem}`, show(id)));
    const elsewhere = seen.get(id);
    if (elsewhere !== undefined)
      context.report(
        source.problem('ID_REPEATED', ['id'], 'an id of its own', `${id}, also in ${elsewhere}`),
      );
    seen.set(id, source.file);
  }
}

/** What is wrong with a number that a setting is to have; undefined when nothing is. */
export function outOfBounds(value: number, { min, max, unit = '' }: Setting): string | undefined {
  return value >= min && value <= max ? undefined : `a number from ${min} to ${max} ${unit}`.trim();
}

function checkSettings(context: CheckContext, { settings }: Artifacts): void {
  const missing = engineSettings.filter((name) => !context.names.settings.has(name));
  for (const { source } of settings) {
    for (const name of missing) {
      const expected = `the setting ${name}, which the engine reads`;
      context.report(source.problem('SETTING_INVALID', [], expected, 'none'));
    }
  }
  for (const artifact of settings) {
    for (const [name, setting] of entriesOf(artifact)) {
      const { source } = artifact;
      textProblems(source, [name, 'text'], setting.text, new Set()).forEach(context.report);
      const expected = outOfBounds(setting.value, setting);
      if (expected !== undefined)
        context.report(source.problem('SETTING_INVALID', [name, 'value'], expected, show(setting.value)));
    }
  }
}

/** Phrases are filled in by the program, which knows their places: every language must have the same. */
function checkPhrases(context: CheckContext, { phrases }: Artifacts): void {
  for (const artifact of phrases) {
    for (const [name, text] of entriesOf(artifact))
      messageProblems(artifact.source, [name], text).forEach(context.report);
  }
}

function checkFragments(context: CheckContext, { fragments }: Artifacts): void {
  const seen = new Map<string, string>();
  for (const artifact of fragments) {
    for (const [name] of entriesOf(artifact)) {
      const elsewhere = seen.get(name);
      if (elsewhere !== undefined)
        context.report(
          artifact.source.problemAtKey(
            'ID_REPEATED',
            [name],
            'a name of its own',
            `${name}, also in ${elsewhere}`,
          ),
        );
      seen.set(name, artifact.source.file);
    }
  }
}

function checkPrognosis(context: CheckContext, { functionalPrognosis }: Artifacts): void {
  for (const artifact of functionalPrognosis) {
    const { source } = artifact;
    for (const [id, { text, condition }] of entriesOf(artifact)) {
      textProblems(source, [id, 'text'], text, context.variables).forEach(context.report);
      checkFhirpath(context, source, [id, 'condition'], condition, 'condition');
    }
  }
}

function checkPlan(context: CheckContext, { plan }: Artifacts): void {
  for (const { source, value } of plan) {
    for (const [id, { text, when, withholds }] of Object.entries(value.brakes)) {
      textProblems(source, ['brakes', id, 'text'], text, context.variables).forEach(context.report);
      checkFhirpath(context, source, ['brakes', id, 'when'], when, 'condition');
      checkNames(context, source, ['brakes', id, 'withholds'], withholds, 'plan');
    }
    const named = (path: Path, names: readonly string[] | undefined): void => {
      checkNames(context, source, path, names, 'plan', 'rule');
    };
    value.precedence.forEach((step, index) => {
      checkNames(context, source, ['precedence', index], step, 'plan');
    });
    for (const [id, { finding, sites, under }] of Object.entries(value.places)) {
      checkName(context, source, ['places', id], id, 'plan', 'rule');
      checkName(context, source, ['places', id, 'finding'], finding, 'inputs');
      checkNames(context, source, ['places', id, 'sites'], sites, 'body-sites');
      checkNames(context, source, ['places', id, 'under'], under, 'plan');
    }
    for (const [id, { text, when, leads, withholds }] of Object.entries(value.exclusions)) {
      textProblems(source, ['exclusions', id, 'text'], text, context.variables).forEach(context.report);
      checkFhirpath(context, source, ['exclusions', id, 'when'], when, 'condition');
      named(['exclusions', id, 'leads'], leads);
      named(['exclusions', id, 'withholds'], withholds);
    }
    checkName(context, source, ['opening', 'advice'], value.opening.advice, 'settings');
    checkFhirpath(context, source, ['opening', 'completeWhen'], value.opening.completeWhen, 'condition');
  }
}

function checkShared(context: CheckContext, { suggestions }: Artifacts): void {
  for (const artifact of suggestions)
    for (const [id, suggestion] of entriesOf(artifact))
      checkSuggestion(context, artifact.source, [id], { id, ...suggestion });
}

/** Orders are named by value sets of ours, and sorted by categories that are there. */
function checkOrders(context: CheckContext, { orders }: Artifacts): void {
  for (const { source, value } of orders) {
    for (const [id, { category }] of Object.entries(value.orders)) {
      checkName(context, source, ['orders', id], id, 'value-set');
      if (!(category in value.categories))
        context.report(
          source.problem('NAME_UNKNOWN', ['orders', id, 'category'], 'a category', show(category)),
        );
    }
  }
}

function checkListed(context: CheckContext, { services, rules }: Artifacts): void {
  const listed = new Set(services.flatMap(({ value }) => value.rules));
  for (const { source, value } of rules) {
    if (value.status === 'active' && !listed.has(value.id))
      context.report(
        source.problem('RULE_UNLISTED', ['id'], 'an active rule that a service lists', show(value.id)),
      );
  }
}

function checkSetNames(context: CheckContext, artifacts: Artifacts): void {
  for (const { source, value } of [...artifacts.names, ...artifacts.namesInLanguages]) {
    for (const id of Object.keys(value).filter((key) => key !== 'version')) {
      if (!context.names['value-set'].has(id))
        context.report(source.problemAtKey('NAME_UNKNOWN', [id], 'the id of a value set', show(id)));
    }
  }
}

function checkCombinations(context: CheckContext, { combinations }: Artifacts): void {
  for (const { source, value } of combinations) {
    value.combinations.forEach((each, index) => {
      const path = ['combinations', index];
      for (const key of ['is', 'of', 'with'] as const)
        checkName(context, source, [...path, key], each[key], 'value-set');
      checkNames(context, source, [...path, 'at'], each.at, 'body-sites');
      checkNames(context, source, [...path, 'in'], each.in, 'value-set');
    });
  }
}

function checkCodeLists(context: CheckContext, { codeLists }: Artifacts): void {
  for (const { source, value } of codeLists) {
    const seen = new Set<string>();
    for (const [index, { set, code, sources }] of value.rows.entries()) {
      const report = (expected: string, found: string, path: string): void => {
        context.report(source.problem('NAME_UNKNOWN', ['rows', index, path], expected, show(found)));
      };
      if (!context.names['value-set'].has(set)) report('the id of a value set', set, 'set');
      const unknown = sources.find((key) => value.sources[key] === undefined);
      if (unknown !== undefined) report('the key of a source of this list', unknown, 'sources');
      if (seen.has(`${set} ${code}`)) report('a code once in each value set', code, 'code');
      seen.add(`${set} ${code}`);
    }
  }
}

function checkTopics(context: CheckContext, { rules }: Artifacts): void {
  for (const { source } of rules) checkName(context, source, ['id'], folderOf(source.file), 'topics');
}

/** A language is called by its code as its folder is. */
function checkLanguages(context: CheckContext, { languages }: Artifacts): void {
  for (const { source, value } of languages) {
    const folder = folderOf(source.file);
    if (value.code !== folder)
      context.report(
        source.problem('ID_INVALID', ['code'], `the folder's name, ${folder}`, show(value.code)),
      );
  }
}

/** All checks across files; each problem goes to `report`. */
export function checkArtifacts(
  artifacts: Artifacts,
  sources: readonly KindedSource[],
  checkExpression: CheckExpression = () => [],
  report: Report,
): void {
  const names = namesOf(sources);
  const variables = new Set([...names.inputs, ...names.settings]);
  const context: CheckContext = { names, variables, checkExpression, report };
  for (const group of [artifacts.services, artifacts.rules, artifacts.scores, artifacts.valueSets])
    checkIds(context, group);
  for (const { source, value } of artifacts.services)
    checkNames(context, source, ['rules'], value.rules, 'rule');
  // A service that its schema refuses may list the rule: then only that problem is told.
  if (artifacts.services.length === names.service.size) checkListed(context, artifacts);
  checkGuideline(context, artifacts, sources);
  checkSettings(context, artifacts);
  checkInputs(context, artifacts);
  checkFragments(context, artifacts);
  checkPhrases(context, artifacts);
  checkPrognosis(context, artifacts);
  checkPlan(context, artifacts);
  checkOrders(context, artifacts);
  checkShared(context, artifacts);
  checkSetNames(context, artifacts);
  checkCodeLists(context, artifacts);
  checkCombinations(context, artifacts);
  checkTopics(context, artifacts);
  checkLanguages(context, artifacts);
  checkCoverage(context, artifacts);
  checkCatalogues(context, artifacts);
  for (const rule of artifacts.rules) checkRule(context, rule);
  for (const score of artifacts.scores) checkScore(context, score);
}
