import { join } from 'node:path';
import { isObject } from '../../json.js';
import { cataloguesOf, placeOfCatalogue, type Spoken } from '../catalogues.js';
import { readLanguages } from '../languages.js';
import { readArtifacts, shippedArtifacts } from './read-artifacts.js';
import { parseSource } from './source.js';

/**
 * The languages and their words for who needs no knowledge: reports, and pages that are built. What their schema refuses is
 * left aside here, and refused when the knowledge is loaded. Rejects with the system's error where there is no folder.
 */
export async function readSpoken(folder: string = shippedArtifacts): Promise<Spoken> {
  const files = (await readArtifacts(join(folder, 'languages')))
    .map(({ path, text }) => ({ path: `languages/${path}`, text }))
    .filter(({ path }) => !['', 'language'].includes(placeOfCatalogue(path).name));
  const written = files.map((file) => {
    const { value } = parseSource(file);
    const patterns = Object.entries(isObject(value) ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return { source: { file: file.path }, value: Object.fromEntries(patterns) };
  });
  return { catalogues: cataloguesOf(written), languages: readLanguages(folder) };
}
