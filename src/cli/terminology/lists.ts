import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { compileSchemas } from '../../knowledge/read/artifact-schemas.js';
import { formatTable, type CodeList } from '../../knowledge/read/code-list-table.js';
import { readWithSchemas } from '../../knowledge/read/read-artifacts.js';
import { parseSource } from '../../knowledge/read/source.js';
import type { ArtifactFile } from '../../knowledge/read/artifact-file.js';
import { closureOf, readComposition } from '../../terminology/composition.js';
import { readCompose } from '../../terminology/compose.js';
import type { ValueSet } from 'fhir/r4.js';
import type { Sorting } from './sorting.js';
import { place, type Addition, type WiderOf } from './place.js';

/** The code lists of an artifacts' folder, with what is needed to add to them. */
export interface Lists {
  readonly folder: string;
  readonly sorting: Sorting;
  readonly bySystem: ReadonlyMap<string, CodeList>;
  readonly widerOf: WiderOf;
}

/** The folder does not hold what the lists need. */
export class ListsError extends Error {
  readonly code = 'LISTS_INVALID';
}

/** Reads the lists, `sorting.yaml` and which value sets hold which. */
export async function readLists(folder: string): Promise<Lists> {
  const files = await readWithSchemas(folder);
  const schemas = compileSchemas(files);
  const checked = <Value>(
    validate: ValidateFunction<Value> | undefined,
    path: string,
    value: unknown,
  ): Value => {
    if (validate?.(value) === true) return value;
    const { instancePath = '', message = '' } = validate?.errors?.[0] ?? {};
    throw new ListsError(`${path}${instancePath}: ${message}`);
  };
  const at = (pattern: RegExp): readonly ArtifactFile[] => files.filter(({ path }) => pattern.test(path));
  const [sortingFile] = at(/^code-lists\/sorting\.yaml$/);
  if (sortingFile === undefined) throw new ListsError('code-lists/sorting.yaml is missing');
  const sorting = checked(schemas<Sorting>('sorting'), sortingFile.path, parse(sortingFile.text));
  const lists = at(/^code-lists\/[^/]+\.tsv$/).map((file) =>
    checked(schemas<CodeList>('code-list'), file.path, parseSource(file).value),
  );
  const valueSets = at(/^value-sets\/[^/]+\.json$/).map((file) =>
    checked(schemas<ValueSet>('value-set'), file.path, parseSource(file).value),
  );
  const sets = valueSets.map((each) => ({ id: each.id ?? '', narrower: readCompose(each).narrower }));
  const ids = new Map(valueSets.map(({ id, url }) => [url ?? '', id ?? '']));
  const { widerOf } = readComposition(sets, (url) => ids.get(url));
  const known = new Set(sets.map(({ id }) => id));
  const unknown = sorting.sort.find(({ to }) => to !== undefined && !known.has(to));
  if (unknown?.to !== undefined) throw new ListsError(`${sortingFile.path}: no value set ${unknown.to}`);
  return {
    folder,
    sorting,
    bySystem: new Map(lists.map((list) => [list.system, list])),
    widerOf: (id) => closureOf([id], widerOf),
  };
}

/** Adds codes to the lists of their systems, and writes the lists that changed; gives the paths written. */
export async function writeAdditions(
  lists: Lists,
  additions: readonly Addition[],
): Promise<readonly string[]> {
  const bySystem = new Map<string, Addition[]>();
  for (const each of additions) bySystem.set(each.system, [...(bySystem.get(each.system) ?? []), each]);
  const written: string[] = [];
  for (const [system, added] of bySystem) {
    const head = lists.sorting.lists.find((each) => each.system === system);
    if (head === undefined) throw new ListsError(`code-lists/sorting.yaml: no list for ${system}`);
    const { file, title, release } = head;
    const known = lists.bySystem.get(system);
    const list: CodeList = { title, system, release, sources: known?.sources ?? {}, rows: known?.rows ?? [] };
    const path = join('code-lists', `${file}.tsv`);
    await writeFile(join(lists.folder, path), formatTable(place(list, added, lists.widerOf)));
    written.push(path);
  }
  return written;
}
