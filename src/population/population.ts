import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { formulary, person, type Expected } from './person.js';
import { recordStyles } from './records.js';

export interface PopulationOptions {
  readonly patients: number;
  readonly seed: number;
  readonly output: string;
  /** Of the patients, how many have a bone metastasis: 0 to 1. */
  readonly share: number;
}

/** What is known of a population because it was made so: `truth.json` beside the export. */
export interface Truth {
  readonly seed: number;
  readonly patients: number;
  readonly resources: number;
  /** Ids. */
  readonly withLesion: readonly string[];
  readonly expected: readonly Expected[];
}

/** Writes a made-up population as a Bulk Data export, a file for each type, and its truth beside it. */
export async function writePopulation({ patients, seed, output, share }: PopulationOptions): Promise<Truth> {
  await mkdir(output, { recursive: true });
  const styles = await recordStyles();
  const files = new Map<string, WriteStream>();
  let resources = 0;
  const write = async (resource: { readonly resourceType: string }): Promise<void> => {
    resources++;
    let file = files.get(resource.resourceType);
    if (file === undefined) {
      file = createWriteStream(join(output, `${resource.resourceType}.ndjson`));
      files.set(resource.resourceType, file);
    }
    if (!file.write(`${JSON.stringify(resource)}\n`)) await once(file, 'drain');
  };
  for (const medication of styles.flatMap(formulary)) await write(medication);
  const withLesion: string[] = [];
  const expected: Expected[] = [];
  for (let number = 1; number <= patients; number++) {
    const made = person(seed, number, styles, share);
    for (const resource of made.resources) await write(resource);
    if (made.hasLesion) withLesion.push(made.id);
    expected.push(...made.expected);
  }
  for (const file of files.values()) {
    file.end();
    await once(file, 'finish');
  }
  const truth: Truth = { seed, patients, resources, withLesion, expected };
  await writeFile(join(output, 'truth.json'), `${JSON.stringify(truth)}\n`);
  return truth;
}
