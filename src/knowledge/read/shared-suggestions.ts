import { entriesOf } from './artifacts.js';
import type { Artifact, ArtifactValues } from './artifacts.js';
import type { Report } from '../problem.js';
import type { Path, Source } from './artifact-file.js';
import { show } from './source.js';
import type { Rule, SuggestionTemplate, WrittenRule, WrittenSuggestion } from '../types.js';

/**
 * The rules with the suggestions of `suggestions.yaml` that they name (`use`) in their place; a name that is not there is
 * reported and left out.
 */
export function withSharedSuggestions(
  rules: readonly Artifact<WrittenRule>[],
  files: readonly Artifact<ArtifactValues['suggestions']>[],
  report: Report,
): readonly Artifact<Rule>[] {
  const shared = new Map(files.flatMap(entriesOf));
  const found =
    (source: Source, path: Path) =>
    (written: WrittenSuggestion, index: number): readonly SuggestionTemplate[] => {
      if (!('use' in written)) return [written];
      const { use, ...own } = written;
      const template = shared.get(use);
      if (template !== undefined) return [{ id: use, ...template, ...own }];
      report(source.problem('NAME_UNKNOWN', [...path, index, 'use'], 'the name of a suggestion', show(use)));
      return [];
    };
  return rules.map(({ source, value }) => {
    const { card, unknown, ...rule } = value;
    return {
      source,
      value: {
        ...rule,
        card: withThose(card, found(source, ['card', 'suggestions'])),
        ...(unknown !== undefined && {
          unknown: withThose(unknown, found(source, ['unknown', 'suggestions'])),
        }),
      },
    };
  });
}

function withThose<Template extends { readonly suggestions?: readonly WrittenSuggestion[] }>(
  { suggestions, ...template }: Template,
  found: (written: WrittenSuggestion, index: number) => readonly SuggestionTemplate[],
): Omit<Template, 'suggestions'> & { readonly suggestions?: readonly SuggestionTemplate[] } {
  return { ...template, ...(suggestions !== undefined && { suggestions: suggestions.flatMap(found) }) };
}
