import { entriesOf } from '../read/artifacts.js';
import type { Artifact } from '../read/artifacts.js';
import { checkFhirpath, checkName, checkNames } from './context.js';
import type { Artifacts, CheckContext } from './context.js';
import { textProblems } from './text.js';
import type { Path, Source } from '../read/artifact-file.js';
import type { Setting } from '../types.js';
import { fhirTypesOf, toInput, type WrittenInput } from '../read/written-input.js';
import { graphOf, within } from '../reads.js';

/** UCUM units by which an age limit can be counted back from today. */
const timeUnits: readonly string[] = ['h', 'd', 'wk', 'mo', 'a'];

/** An age limit names a setting with a unit of time. */
function checkAge(
  context: CheckContext,
  source: Source,
  path: Path,
  limit: string | undefined,
  settings: ReadonlyMap<string, Setting>,
): void {
  checkName(context, source, path, limit, 'settings');
  const setting = settings.get(limit ?? '');
  if (setting === undefined || timeUnits.includes(setting.unit ?? '')) return;
  const expected = `a setting with a unit of time (${timeUnits.join(', ')})`;
  context.report(source.problem('SETTING_INVALID', path, expected, setting.unit ?? 'no unit'));
}

function checkInput(
  context: CheckContext,
  source: Source,
  name: string,
  input: WrittenInput,
  settings: ReadonlyMap<string, Setting>,
): void {
  textProblems(source, [name, 'title'], input.title, new Set()).forEach(context.report);
  if ('select' in input) {
    input.select.forEach((selection, index) => {
      const path = [name, 'select', index];
      checkNames(context, source, [...path, 'codes'], selection.codes, 'value-set');
      checkNames(context, source, [...path, 'possibly'], selection.possibly, 'value-set');
      checkNames(context, source, [...path, 'notAt'], selection.notAt, 'body-sites');
      checkNames(context, source, [...path, 'notIn'], selection.notIn, 'value-set');
      checkNames(context, source, [...path, 'aimed', 'at'], selection.aimed?.at, 'value-set');
      checkNames(context, source, [...path, 'aimed', 'reasons'], selection.aimed?.reasons, 'value-set');
      checkNames(context, source, [...path, 'aimed', 'within'], selection.aimed?.within, 'body-sites');
      checkAge(context, source, [...path, 'within'], selection.within, settings);
    });
    checkName(context, source, [name, 'alternativeTo'], input.alternativeTo, 'inputs');
    checkName(context, source, [name, 'since'], input.since, 'inputs');
    checkName(context, source, [name, 'until'], input.until, 'inputs');
    checkAge(context, source, [name, 'reach'], input.reach, settings);
    checkAge(context, source, [name, 'courseBreak'], input.courseBreak, settings);
    checkAge(context, source, [name, 'plus'], input.plus, settings);
    for (const bound of ['min', 'max'] as const) {
      const limit = input[bound];
      if (typeof limit === 'string') checkName(context, source, [name, bound], limit, 'settings');
    }
    const resourceTypes = input.select.flatMap(({ type }) => fhirTypesOf(type));
    checkFhirpath(context, source, [name, 'path'], input.path, 'path', { resourceTypes });
  } else if ('answered' in input) {
    const { by, parts, finding, notAt, notIn, aimed } = input.answered;
    const path = [name, 'answered'];
    checkNames(context, source, [...path, 'by'], by, 'value-set');
    checkNames(context, source, [...path, 'parts', 'of'], parts?.of, 'value-set');
    checkAge(context, source, [...path, 'parts', 'within'], parts?.within, settings);
    checkNames(context, source, [...path, 'finding'], finding, 'inputs');
    checkNames(context, source, [...path, 'notAt'], notAt, 'body-sites');
    checkNames(context, source, [...path, 'notIn'], notIn, 'value-set');
    checkNames(context, source, [...path, 'aimed', 'at'], aimed?.at, 'value-set');
    checkNames(context, source, [...path, 'aimed', 'reasons'], aimed?.reasons, 'value-set');
    checkNames(context, source, [...path, 'aimed', 'within'], aimed?.within, 'body-sites');
    for (const limit of ['within', 'earlierWithin', 'unsitedWithin'] as const)
      checkAge(context, source, [...path, limit], input.answered[limit], settings);
  } else if ('site' in input) checkNames(context, source, [name, 'site'], input.site, 'body-sites');
  else if ('lesions' in input) checkNames(context, source, [name, 'sites'], input.sites, 'body-sites');
  else if ('expression' in input)
    checkFhirpath(context, source, [name, 'expression'], input.expression, 'expression');
  else if ('elapsed' in input) {
    checkName(context, source, [name, 'elapsed', 'from'], input.elapsed.from, 'inputs');
    checkName(context, source, [name, 'elapsed', 'to'], input.elapsed.to, 'inputs');
  } else if ('undecided' in input) checkName(context, source, [name, 'undecided'], input.undecided, 'inputs');
  else if ('score' in input) checkName(context, source, [name, 'score', 'id'], input.score.id, 'score');
}

/** An input that is made from itself has no value; it would hang the evaluation. */
function checkCycles(
  context: CheckContext,
  files: readonly Artifact<Readonly<Record<string, WrittenInput>>>[],
  settings: ReadonlyMap<string, Setting>,
): void {
  const inputs = new Map(
    files.flatMap(entriesOf).map(([name, written]) => [name, toInput(name, written)] as const),
  );
  const graph = graphOf({ inputs, scores: new Map(), settings });
  for (const file of files)
    for (const [name] of entriesOf(file))
      if (within(graph.inputs.get(name)?.inputs ?? [], graph).has(name))
        context.report(
          file.source.problemAtKey('NAME_UNKNOWN', [name], 'an input not made from itself', name),
        );
}

/** Inputs: unique over all files, and all that they name exists. */
export function checkInputs(context: CheckContext, artifacts: Artifacts): void {
  const settings = new Map(artifacts.settings.flatMap(entriesOf));
  const seen = new Map<string, string>();
  for (const artifact of artifacts.inputs) {
    for (const [name, input] of entriesOf(artifact)) {
      const { source } = artifact;
      const elsewhere = seen.get(name) ?? (settings.has(name) ? 'settings.yaml' : undefined);
      if (elsewhere !== undefined)
        context.report(
          source.problemAtKey('ID_REPEATED', [name], 'a name of its own', `${name}, also in ${elsewhere}`),
        );
      seen.set(name, source.file);
      checkInput(context, source, name, input, settings);
    }
  }
  checkCycles(context, artifacts.inputs, settings);
}
