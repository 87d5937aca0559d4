import { parseArgs } from 'node:util';
import { writePopulation } from '../population/population.js';
import { runAsProgram } from './program.js';

const defaultShare = 4;

/**
 * `population --patients N --seed S [--output data/population] [--percent 4]`: made-up patients as a Bulk Data export,
 * American and French records, of whom `--percent` have a bone metastasis; what must be said of them is in `truth.json`.
 */
export async function makePopulation(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      patients: { type: 'string' },
      seed: { type: 'string', default: '1' },
      output: { type: 'string', default: 'data/population' },
      percent: { type: 'string', default: String(defaultShare) },
    },
  });
  const patients = whole('patients', values.patients, 1, 10_000_000);
  const seed = whole('seed', values.seed, 0, 2_147_483_647);
  const percent = whole('percent', values.percent, 0, 100);
  const { output } = values;
  const truth = await writePopulation({ patients, seed, output, share: percent / 100 });
  return `${patients} patients, ${truth.withLesion.length} with a lesion, ${truth.resources} resources: ${output}`;
}

function whole(name: string, text: string | undefined, least: number, most: number): number {
  const value = text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new RangeError(`--${name}: expected a whole number from ${least} to ${most}`);
}

await runAsProgram(import.meta.url, async (args) => {
  process.stdout.write(`${await makePopulation(args)}\n`);
});
