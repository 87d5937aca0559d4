import type { ValueSet } from 'fhir/r4.js';
import type { Guideline, Text } from '../knowledge/types.js';

/** `ValueSet.copyright` for the code systems that a value set takes codes from; undefined: nobody's but ours. */
export function copyrightOf(
  { compose }: ValueSet,
  { notices }: Pick<Guideline, 'notices'>,
): Text | undefined {
  const systems = (compose?.include ?? []).flatMap(({ system = [] }) => system);
  const found = [
    ...new Set(systems.flatMap((system) => notices.find((notice) => notice.systems.includes(system)) ?? [])),
  ];
  if (found.length === 0) return undefined;
  return {
    en: found.map(({ text }) => text.en).join('\n\n'),
    fr: found.map(({ text }) => text.fr).join('\n\n'),
  };
}
