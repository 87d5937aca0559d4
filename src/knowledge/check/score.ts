import { reachableTotals } from '../../scores/reachable.js';
import type { Artifact } from '../read/artifacts.js';
import { checkChanges } from './changes.js';
import { checkFhirpath, checkName, checkNames } from './context.js';
import type { CheckContext } from './context.js';
import { checkPieces } from './rule.js';
import { textProblems } from './text.js';
import { show } from '../read/source.js';
import type { Path } from '../read/artifact-file.js';
import type { Score } from '../types.js';

function checkUnique(
  context: CheckContext,
  { source }: Artifact<Score>,
  codes: readonly (readonly [Path, string])[],
): void {
  const seen = new Set<string>();
  for (const [path, code] of codes) {
    if (seen.has(code)) context.report(source.problem('ID_REPEATED', path, 'a code of its own', show(code)));
    seen.add(code);
  }
}

/** Every total that the answers can add up to lies in exactly one class. */
function checkClasses(context: CheckContext, { source, value: score }: Artifact<Score>): void {
  if (score.items.length === 0 || score.grade === true) return;
  for (const total of reachableTotals(
    score.items.map(({ answers }) => answers.map(({ points }) => points)),
  )) {
    const classes = score.classes.filter(({ min, max }) => total >= min && total <= max);
    if (classes.length === 1) continue;
    const found = classes.length === 0 ? 'none' : classes.map(({ code }) => code).join(', ');
    context.report(
      source.problemAtKey('SCORE_INVALID', ['classes'], `exactly one class for the total ${total}`, found),
    );
  }
}

function checkExamples(context: CheckContext, { source, value: score }: Artifact<Score>): void {
  const known = {
    missing: score.items.map(({ id }) => id),
    flags: score.flags.map(({ id }) => id),
    class: score.classes.map(({ code }) => code),
  };
  score.examples.forEach(({ chart, expect }, index) => {
    checkPieces(context, source, ['examples', index, 'chart'], chart);
    const path = ['examples', index, 'expect'];
    const check = (kind: keyof typeof known, here: Path, name: string): void => {
      if (!known[kind].includes(name))
        context.report(source.problem('NAME_UNKNOWN', here, `one of ${known[kind].join(', ')}`, show(name)));
    };
    expect.missing?.forEach((name, place) => {
      check('missing', [...path, 'missing', place], name);
    });
    expect.flags?.forEach((name, place) => {
      check('flags', [...path, 'flags', place], name);
    });
    if (expect.class !== undefined) check('class', [...path, 'class'], expect.class);
  });
}

/** The items and answers that a flag names are those of the score. */
function checkFlagNames(
  context: CheckContext,
  { source, value: score }: Artifact<Score>,
  index: number,
): void {
  const flag = score.flags[index];
  const items = score.items.map(({ id }) => id);
  const answers = score.items.flatMap(({ id, answers: own }) => own.map(({ code }) => `${id}-${code}`));
  const check = (key: string, name: string | undefined, names: readonly string[]): void => {
    if (name !== undefined && !names.includes(name))
      context.report(
        source.problem('NAME_UNKNOWN', ['flags', index, key], `one of ${names.join(', ')}`, show(name)),
      );
  };
  flag?.answers?.forEach((answer) => {
    check('answers', answer, answers);
  });
  check('several', flag?.several, items);
  check('open', flag?.open, items);
  check('derived', flag?.derived, items);
  if (typeof flag?.missing === 'string') check('missing', flag.missing, items);
}

/** Codes are those that are published, points cover the classes, texts and expressions hold. */
export function checkScore(context: CheckContext, artifact: Artifact<Score>): void {
  checkChanges(artifact, context.report);
  const { source, value: score } = artifact;
  const text = (path: Path, value: Score['title']): void => {
    textProblems(source, path, value, context.variables).forEach(context.report);
  };
  checkNames(context, source, ['sites'], score.sites, 'body-sites');
  // By these a recorded score and its items are found in a chart.
  checkName(context, source, ['id'], score.id, 'value-set');
  score.items.forEach(({ id }, index) => {
    checkName(context, source, ['items', index, 'id'], id, 'value-set');
  });
  checkFhirpath(context, source, ['when'], score.when, 'condition');
  text(['title'], score.title);
  if (score.warning) text(['warning'], score.warning);
  score.items.forEach((item, index) => {
    const path = ['items', index];
    if (!item.id.startsWith(`${score.id}-`) && !(score.grade === true && item.id === score.id))
      context.report(
        source.problem('ID_INVALID', [...path, 'id'], `an id like ${score.id}-…`, show(item.id)),
      );
    text([...path, 'text'], item.text);
    item.answers.forEach((answer, place) => {
      const here = [...path, 'answers', place];
      text([...here, 'display'], answer.display);
      checkFhirpath(context, source, [...here, 'fact'], answer.fact, 'condition');
      checkFhirpath(context, source, [...here, 'derived'], answer.derived, 'condition');
    });
  });
  // Items and answers share one code system, where an answer is written <item>-<answer>.
  checkUnique(
    context,
    artifact,
    score.items.flatMap(({ id, answers }, index): (readonly [Path, string])[] => [
      [['items', index, 'id'], id],
      ...answers.map(({ code }, place): readonly [Path, string] => [
        ['items', index, 'answers', place, 'code'],
        `${id}-${code}`,
      ]),
    ]),
  );
  checkUnique(
    context,
    artifact,
    score.classes.map(({ code }, index) => [['classes', index, 'code'], code]),
  );
  checkUnique(
    context,
    artifact,
    score.flags.map(({ id }, index) => [['flags', index, 'id'], id]),
  );
  score.flags.forEach((flag, index) => {
    checkFhirpath(context, source, ['flags', index, 'if'], flag.if, 'condition');
    checkFlagNames(context, artifact, index);
    text(['flags', index, 'text'], flag.text);
  });
  score.classes.forEach(({ display, next }, index) => {
    text(['classes', index, 'display'], display);
    if (next !== undefined) text(['classes', index, 'next'], next);
  });
  score.subtotals?.forEach((subtotal, index) => {
    const path = ['subtotals', index];
    textProblems(source, [...path, 'text'], subtotal.text, new Set(['total'])).forEach(context.report);
    subtotal.without.forEach((id, place) => {
      if (!score.items.some((item) => item.id === id))
        context.report(
          source.problem('NAME_UNKNOWN', [...path, 'without', place], 'an item of the score', show(id)),
        );
    });
  });
  checkClasses(context, artifact);
  checkExamples(context, artifact);
}
