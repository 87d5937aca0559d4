import type { Artifact } from '../read/artifacts.js';
import { checkChanges } from './changes.js';
import { checkFhirpath, checkName, checkNames } from './context.js';
import type { CheckContext } from './context.js';
import { summaryProblems, textProblems } from './text.js';
import type { Path, Source } from '../read/artifact-file.js';
import { show } from '../read/source.js';
import type { ExamplePiece, LinkTemplate, Rule, SuggestionTemplate, Text } from '../types.js';

/** References of an example's chart to fragments. */
export function checkPieces(
  context: CheckContext,
  source: Source,
  path: Path,
  pieces: readonly ExamplePiece[] | undefined,
): void {
  pieces?.forEach((piece, index) => {
    const here = [...path, index];
    if (typeof piece === 'string') checkName(context, source, here, piece, 'fragments');
    else if ('use' in piece && typeof piece.use === 'string')
      checkName(context, source, [...here, 'use'], piece.use, 'fragments');
  });
}

function checkLinks(
  context: CheckContext,
  source: Source,
  path: Path,
  links: readonly LinkTemplate[] | undefined,
): void {
  links?.forEach((link, index) => {
    textProblems(source, [...path, index, 'label'], link.label, context.variables).forEach(context.report);
    checkName(context, source, [...path, index, 'score'], link.score, 'score');
  });
}

/** Texts, conditions and inputs of a suggestion. */
export function checkSuggestion(
  context: CheckContext,
  source: Source,
  path: Path,
  suggestion: SuggestionTemplate,
): void {
  textProblems(source, [...path, 'label'], suggestion.label, context.variables).forEach(context.report);
  checkFhirpath(context, source, [...path, 'when'], suggestion.when, 'condition');
  checkFhirpath(context, source, [...path, 'unless'], suggestion.unless, 'condition');
  suggestion.actions.forEach((action, index) => {
    const here = [...path, 'actions', index];
    textProblems(source, [...here, 'description'], action.description, context.variables).forEach(
      context.report,
    );
    checkName(context, source, [...here, 'of'], action.of, 'inputs');
    for (const [element, input] of Object.entries(action.set ?? {}))
      checkName(context, source, [...here, 'set', element], input, 'inputs');
  });
}

function checkSuggestions(
  context: CheckContext,
  source: Source,
  path: Path,
  suggestions: readonly SuggestionTemplate[] = [],
): void {
  suggestions.forEach((suggestion, index) => {
    checkSuggestion(context, source, [...path, index], suggestion);
    if (suggestions.findIndex(({ id }) => id === suggestion.id) < index)
      context.report(
        source.problem('ID_REPEATED', [...path, index, 'id'], 'an id of its own', suggestion.id),
      );
  });
}

function checkMessage(
  context: CheckContext,
  source: Source,
  path: Path,
  message: { readonly summary: Text; readonly detail?: Text; readonly links?: readonly LinkTemplate[] },
): void {
  const { summary, detail, links } = message;
  textProblems(source, [...path, 'summary'], summary, context.variables).forEach(context.report);
  summaryProblems(source, [...path, 'summary'], summary).forEach(context.report);
  if (detail) textProblems(source, [...path, 'detail'], detail, context.variables).forEach(context.report);
  checkLinks(context, source, [...path, 'links'], links);
}

const outcomes = ['fires', 'silent', 'unknown'] as const;

function checkExamples(context: CheckContext, { source, value: rule }: Artifact<Rule>): void {
  rule.examples.forEach((example, index) => {
    checkPieces(context, source, ['examples', index, 'chart'], example.chart);
    checkPieces(context, source, ['examples', index, 'drafts'], example.drafts);
  });
  if (rule.status === 'retired') return;
  for (const outcome of outcomes) {
    // Where only a guard can be unknown, an example that leaves it unchecked says so.
    if (outcome === 'unknown' && rule.examples.some(({ unchecked }) => unchecked !== undefined)) continue;
    if (rule.examples.some((example) => example.outcome === outcome)) continue;
    const found = rule.examples.map((example) => example.outcome).join(', ');
    context.report(
      source.problemAtKey('EXAMPLE_MISSING', ['examples'], `an example with the outcome ${outcome}`, found),
    );
  }
}

/** A card ends in something to do: a suggestion or a link, else a date in its text, else the rule says why there is nothing. */
function checkAct(context: CheckContext, { source, value: rule }: Artifact<Rule>): void {
  if (rule.status === 'retired') return;
  const offers = rule.card.suggestions !== undefined || rule.card.links !== undefined;
  if (!offers && rule.act === undefined)
    context.report(
      source.problem(
        'ACT_MISSING',
        ['card'],
        'suggestions, links, or act: date or none beside it',
        'neither',
      ),
    );
  if (offers && rule.act === 'none')
    context.report(
      source.problem('ACT_MISSING', ['act'], 'no act: none beside suggestions or links', show(rule.act)),
    );
}

/** All that a rule refers to exists, its texts and expressions hold, and its examples show every outcome. */
export function checkRule(context: CheckContext, artifact: Artifact<Rule>): void {
  checkChanges(artifact, context.report);
  const { source, value: rule } = artifact;
  checkNames(context, source, ['recommendations'], rule.recommendations, 'recommendations');
  if (rule.for !== 'lesions') checkName(context, source, ['for'], rule.for, 'inputs');
  checkName(context, source, ['kind'], rule.kind, 'plan');
  checkNames(context, source, ['sites'], rule.sites, 'body-sites');
  checkNames(context, source, ['evidence'], rule.evidence, 'inputs', 'score');
  checkFhirpath(context, source, ['when'], rule.when, 'condition');
  checkFhirpath(context, source, ['condition'], rule.condition, 'condition');
  checkFhirpath(context, source, ['unless'], rule.unless, 'condition');
  for (const [id, stated] of Object.entries(rule.statedIf ?? {})) {
    checkFhirpath(context, source, ['statedIf', id], stated, 'condition');
    // One is left whatever the patient has: a card states something.
    if (!rule.recommendations.slice(1).includes(id))
      context.report(
        source.problem('NAME_UNKNOWN', ['statedIf', id], 'a recommendation of this rule, not its first', id),
      );
  }
  textProblems(source, ['title'], rule.title, context.variables).forEach(context.report);
  checkMessage(context, source, ['card'], rule.card);
  checkNames(context, source, ['card', 'overrideReasons'], rule.card.overrideReasons, 'override-reasons');
  checkSuggestions(context, source, ['card', 'suggestions'], rule.card.suggestions);
  checkSuggestions(context, source, ['unknown', 'suggestions'], rule.unknown?.suggestions);
  if (rule.unknown) checkMessage(context, source, ['unknown'], rule.unknown);
  if (rule.unread) checkMessage(context, source, ['unread'], rule.unread);
  checkAct(context, artifact);
  if (rule.actReason)
    textProblems(source, ['actReason'], rule.actReason, context.variables).forEach(context.report);
  if (rule.inWords) checkMessage(context, source, ['inWords'], rule.inWords);
  checkExamples(context, artifact);
}
