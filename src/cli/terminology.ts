import { parseArgs } from 'node:util';
import { loadKnowledge } from '../knowledge/load-knowledge.js';
import { shippedArtifacts } from '../knowledge/read/read-artifacts.js';
import { compileValueSets, type Terminology } from '../terminology/value-sets.js';
import { runAsProgram, writeBelow } from './program.js';
import { readCollected, sortCollected, type Left } from './terminology/collected.js';
import { bdpmProducts, ucdProducts } from './terminology/french.js';
import { ListsError, readLists, writeAdditions, type Lists } from './terminology/lists.js';
import { terminologyPage } from './terminology/page.js';
import type { Addition } from './terminology/place.js';
import { sortProducts, type Product } from './terminology/release.js';
import { rxnormProducts, rxnormSystem } from './terminology/rxnorm.js';

const usage = [
  'terminology rxnorm FOLDER --release 2026-11-02',
  'terminology bdpm FOLDER --release 2026-11-02',
  'terminology ucd FILE --release 2026-11-02',
  'terminology collected FILE…',
  'terminology page [--out docs/terminology.md]',
].join('\n');

/**
 * `terminology …` (usage above): adds codes to the lists of `cds-services/code-lists`, or writes the page about them. Gives one
 * line for each value set that something was added to, and the files written.
 */
export async function terminology(args: readonly string[]): Promise<readonly string[]> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      folder: { type: 'string', default: shippedArtifacts },
      release: { type: 'string' },
      out: { type: 'string', default: 'docs/terminology.md' },
    },
    allowPositionals: true,
  });
  const [verb, ...paths] = positionals;
  const [path] = paths;
  const lists = await readLists(values.folder);
  if (verb === 'page') return [await writePage(lists, values.out)];
  if (path === undefined) throw new Error(usage);
  if (verb === 'collected') {
    const { additions, left } = sortCollected(await readCollected(paths), lists.sorting);
    return [...review(additions, left), ...(await writeAdditions(lists, additions))];
  }
  const { release } = values;
  if (release === undefined) throw new Error(usage);
  const [name, products] = await productsOf(verb, path, lists);
  const additions = sortProducts(products, lists.sorting, `${name}, release of ${release}`);
  return [...review(additions, []), ...(await writeAdditions(lists, additions))];
}

async function productsOf(
  verb: string | undefined,
  path: string,
  lists: Lists,
): Promise<readonly [string, readonly Product[]]> {
  switch (verb) {
    case 'rxnorm':
      return ['NLM RxNorm', await rxnormProducts(path, lists.bySystem.get(rxnormSystem), lists.sorting)];
    case 'bdpm':
      return ['ANSM BDPM', await bdpmProducts(path, await terminologyOf(lists.folder))];
    case 'ucd':
      return ['UCD table', await ucdProducts(path, await terminologyOf(lists.folder))];
    default:
      throw new Error(usage);
  }
}

async function terminologyOf(folder: string): Promise<Terminology> {
  const { valueSets } = await loadKnowledge({ folder });
  const compiled = compileValueSets([...valueSets.values()]);
  if (!compiled.ok) throw new ListsError(compiled.problems.map(({ message }) => message).join('\n'));
  return compiled.terminology;
}

async function writePage(lists: Lists, out: string): Promise<string> {
  const { valueSets } = await loadKnowledge({ folder: lists.folder });
  const sets = [...valueSets.values()].map(({ id = '', title = '', compose }) => ({
    id,
    title,
    narrower: (compose?.include ?? []).flatMap(({ valueSet = [] }) =>
      valueSet.map((url) => url.replace(/^.*\//, '')),
    ),
  }));
  await writeBelow(out, terminologyPage({ lists: [...lists.bySystem.values()], sets }));
  return out;
}

function review(additions: readonly Addition[], left: readonly Left[]): readonly string[] {
  const sets = [...new Set([...additions, ...left].map(({ set }) => set))].sort();
  return sets.map((set) => {
    const own = additions.filter((each) => each.set === set);
    const reasons = new Map<string, number>();
    for (const { why } of left.filter((each) => each.set === set))
      reasons.set(why, (reasons.get(why) ?? 0) + 1);
    const sure = own.filter(({ confidence }) => confidence !== 'one').length;
    const out = [...reasons].map(([why, count]) => `${count} left out (${why})`);
    return `${set}: ${[`${sure} by the publisher or two sources`, `${own.length - sure} by one`, ...out].join(', ')}`;
  });
}

await runAsProgram(import.meta.url, async (args) => {
  process.stdout.write(`${(await terminology(args)).join('\n')}\n`);
});
