import type { ValueSet, ValueSetComposeInclude } from 'fhir/r4.js';
import type { Artifact } from './artifacts.js';
import type { CodeList, CodeRow } from './code-list-table.js';

type Valued = Pick<Artifact<ValueSet>, 'value'>;

/** The value sets with the codes that the lists give them, one `include` for each system, stem, and list. */
export function withCodeLists<V extends Valued>(
  valueSets: readonly V[],
  lists: readonly CodeList[],
): readonly V[] {
  const bySet = new Map<string, ValueSetComposeInclude[]>();
  for (const { system, rows } of lists) {
    const ofList = new Map<string, CodeRow[]>();
    for (const row of rows) {
      const own = ofList.get(row.set);
      if (own === undefined) ofList.set(row.set, [row]);
      else own.push(row);
    }
    for (const [set, own] of ofList) bySet.set(set, [...(bySet.get(set) ?? []), ...includesOf(system, own)]);
  }
  return valueSets.map((artifact) => {
    const listed = bySet.get(artifact.value.id ?? '');
    if (listed === undefined) return artifact;
    const { compose } = artifact.value;
    const include = [...(compose?.include ?? []), ...listed];
    return { ...artifact, value: { ...artifact.value, compose: { ...compose, include } } };
  });
}

function includesOf(system: string, rows: readonly CodeRow[]): readonly ValueSetComposeInclude[] {
  const concept = rows
    .filter(({ code }) => !code.endsWith('*'))
    .map(({ code, display }) => ({ code, ...(display !== '' && { display }) }));
  const stems = rows.filter(({ code }) => code.endsWith('*'));
  return [
    ...(concept.length === 0 ? [] : [{ system, concept }]),
    ...stems.map(({ code }): ValueSetComposeInclude => ({
      system,
      filter: [{ property: 'concept', op: 'is-a', value: code.slice(0, -1) }],
    })),
  ];
}
