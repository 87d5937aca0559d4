import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { checkExpression } from '../fhirpath/lint.js';
import { loadKnowledge } from '../knowledge/load-knowledge.js';
import { catalogue } from '../publish/catalogue.js';

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
  await mkdir(dirname(values.out), { recursive: true });
  await writeFile(values.out, catalogue(knowledge));
  return values.out;
}

const [, script] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  try {
    process.stdout.write(`${await writeCatalogue(process.argv.slice(2))}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
