import { parseArgs } from 'node:util';
import { shippedArtifacts } from '../knowledge/read-artifacts.js';
import { runAsProgram } from './program.js';
import { readCollected, sortCollected, type Left } from './terminology/collected.js';
import { readLists, writeAdditions } from './terminology/lists.js';
import type { Addition } from './terminology/place.js';

const usage = 'terminology collected FILE… [--folder X]';

/**
 * `terminology collected FILE…`: adds codes that others collected in JSON to the lists of `cds-services/code-lists`. Gives one line
 * for each value set: how many codes of it came by how many sources, and how many were left out, and why.
 */
export async function terminology(args: readonly string[]): Promise<readonly string[]> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { folder: { type: 'string', default: shippedArtifacts } },
    allowPositionals: true,
  });
  const [verb, ...files] = positionals;
  if (verb !== 'collected' || files.length === 0) throw new Error(usage);
  const lists = await readLists(values.folder);
  const { additions, left } = sortCollected(await readCollected(files), lists.sorting);
  const written = await writeAdditions(lists, additions);
  return [...review(additions, left), ...written];
}

function review(additions: readonly Addition[], left: readonly Left[]): readonly string[] {
  const sets = [...new Set([...additions, ...left].map(({ set }) => set))].sort();
  return sets.map((set) => {
    const own = additions.filter((each) => each.set === set);
    const reasons = new Map<string, number>();
    for (const { why } of left.filter((each) => each.set === set))
      reasons.set(why, (reasons.get(why) ?? 0) + 1);
    const two = own.filter(({ confidence }) => confidence !== 'one').length;
    const out = [...reasons].map(([why, count]) => `${count} left out (${why})`);
    return `${set}: ${[`${two} by two sources`, `${own.length - two} by one`, ...out].join(', ')}`;
  });
}

await runAsProgram(import.meta.url, async (args) => {
  process.stdout.write(`${(await terminology(args)).join('\n')}\n`);
});
