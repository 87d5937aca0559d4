import type { CodeList, CodeRow } from '../../knowledge/read/code-list-table.js';

/** What the page is made of. */
export interface PageSource {
  readonly lists: readonly CodeList[];
  /** Value sets in the order of the page, with the narrower ones that each is composed of. */
  readonly sets: readonly {
    readonly id: string;
    readonly title: string;
    readonly narrower: readonly string[];
  }[];
}

const kinds = ['publisher', 'two', 'one'] as const;

/** `docs/terminology.md`: how many codes each value set lists, of which system and by how many sources, and which want a check. */
export function terminologyPage({ lists, sets }: PageSource): string {
  const rows = lists.flatMap((list) => list.rows.map((row) => ({ list, row })));
  const count = (of: readonly CodeRow[]): string =>
    kinds.map((kind) => of.filter(({ confidence }) => confidence === kind).length).join(' | ');
  const bySet = new Map<string, { readonly list: CodeList; readonly row: CodeRow }[]>();
  for (const each of rows) bySet.set(each.row.set, [...(bySet.get(each.row.set) ?? []), each]);
  const systems = (id: string): string =>
    lists
      .flatMap((list) => {
        const own = (bySet.get(id) ?? []).filter((each) => each.list === list).length;
        return own === 0 ? [] : [`${shortName(list)} ${own}`];
      })
      .join(', ');
  const unchecked = sets.flatMap(({ id }) =>
    lists.flatMap((list) => {
      const codes = (bySet.get(id) ?? [])
        .filter((each) => each.list === list && each.row.confidence === 'one')
        .map(({ row }) => row.code);
      return codes.length === 0 ? [] : [`- \`${id}\`, ${shortName(list)}: ${codes.join(', ')}`];
    }),
  );
  return `${[
    '# Terminology',
    '',
    'Written by `npm run terminology -- page`. The standard codes of the value sets stand in `cds-services/code-lists/`, one a line, each with',
    'its sources: read in the publisher’s own release, in two independent public files, or in one. What was only probable does not ship.',
    'No terminology server was at hand: **before go-live a terminologist checks the codes of one source** (the last chapter) that the',
    'hospital sends, and a hospital that does not want them takes them out with a value set of its own.',
    '',
    '## Lists',
    '',
    '| List | System | Release | publisher | two sources | one source |',
    '| --- | --- | --- | --: | --: | --: |',
    ...lists.map((list) => `| ${list.title} | \`${list.system}\` | ${list.release} | ${count(list.rows)} |`),
    '',
    '## Value sets',
    '',
    'Codes that the set lists itself; those of the narrower sets that it is composed of count in it too. Codes of this project are not counted.',
    '',
    '| Value set | Composed of | Codes by system | publisher | two sources | one source |',
    '| --- | --- | --- | --: | --: | --: |',
    ...sets
      .filter(({ id, narrower }) => bySet.has(id) || narrower.length > 0)
      .map(
        ({ id, title, narrower }) =>
          `| \`${id}\` (${title}) | ${narrower.map((each) => `\`${each}\``).join(', ')} | ${systems(id)} | ${count((bySet.get(id) ?? []).map(({ row }) => row))} |`,
      ),
    '',
    '## Read in one source only: for the terminology check',
    '',
    ...unchecked,
  ].join('\n')}\n`;
}

function shortName({ title }: CodeList): string {
  return title.split(/[:,]/)[0] ?? title;
}
