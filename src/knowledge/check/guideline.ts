import { entriesOf, guidelineFile } from '../read/artifacts.js';
import { checkName, checkNames } from './context.js';
import type { Artifacts, CheckContext, KindedSource } from './context.js';
import { textProblems } from './text.js';
import { show } from '../read/source.js';
import type { Path, Source } from '../read/artifact-file.js';

/** Each part is played by an artifact that is there, and every edition that an artifact names is one of the guideline's. */
export function checkGuideline(
  context: CheckContext,
  artifacts: Artifacts,
  sources: readonly KindedSource[],
): void {
  if (!sources.some(({ kind }) => kind === 'guideline')) {
    const expected = 'the file that says which guideline this is';
    const problem = { file: guidelineFile, line: 1, column: 1, path: '', expected, found: 'none' };
    context.report({ code: 'FILE_MISSING', ...problem });
  }
  for (const { source, value } of artifacts.guideline) {
    const { review, ...sets } = value.roles;
    checkName(context, source, ['roles', 'review'], review, 'service');
    for (const [role, set] of Object.entries(sets))
      checkName(context, source, ['roles', role], set, 'value-set');
    for (const [line, ids] of Object.entries(value.sheet))
      checkNames(context, source, ['sheet', line], ids, 'value-set');
    const texts = [
      [['title'], value.title],
      [['published', 'title'], value.published.title],
      ...Object.entries(value.codeSystems).map(
        ([id, { title }]) => [['codeSystems', id, 'title'], title] as const,
      ),
    ] as const;
    for (const [path, text] of texts) textProblems(source, path, text, new Set()).forEach(context.report);
    checkEditions(context, artifacts, value.editions);
  }
}

function checkEditions(
  context: CheckContext,
  { rules, recommendations }: Artifacts,
  editions: readonly string[],
): void {
  const check = (source: Source, path: Path, edition: string): void => {
    if (editions.includes(edition)) return;
    const expected = `an edition of ${guidelineFile} (${editions.join(', ')})`;
    context.report(source.problem('NAME_UNKNOWN', path, expected, show(edition)));
  };
  for (const { source, value } of rules) check(source, ['edition'], value.edition);
  for (const artifact of recommendations)
    for (const [id, { edition }] of entriesOf(artifact)) check(artifact.source, [id, 'edition'], edition);
}
