import { parseArgs } from 'node:util';
import { checkExpression } from '../fhirpath/lint.js';
import { loadKnowledge } from '../knowledge/load-knowledge.js';
import { catalogue } from '../publish/catalogue.js';
import { runAsProgram, writeBelow } from './program.js';

/** `catalogue [--overlay X] [--out docs/catalogue.md]`: writes the catalogue of the knowledge, and says where. */
export async function writeCatalogue(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: { overlay: { type: 'string' }, out: { type: 'string', default: 'docs/catalogue.md' } },
  });
  const knowledge = await loadKnowledge({
    checkExpression,
    ...(values.overlay !== undefined && { overlay: values.overlay }),
  });
  await writeBelow(values.out, catalogue(knowledge));
  return values.out;
}

await runAsProgram(import.meta.url, async (args) => {
  process.stdout.write(`${await writeCatalogue(args)}\n`);
});
