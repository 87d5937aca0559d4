import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { placeholdersOf } from '../knowledge/placeholders.js';
import { readArtifacts, shippedArtifacts } from '../knowledge/read/read-artifacts.js';
import { parseSource } from '../knowledge/read/source.js';
import { defaultLanguage } from '../text.js';
import { isObject } from '../json.js';
import { runAsProgram } from './program.js';

const made = fileURLToPath(new URL('../../src/words/places.ts', import.meta.url));

const quoted = (text: string): string => `'${text}'`;
const nameOf = (key: string): string => (/^[A-Za-z]\w*$/.test(key) ? key : quoted(key));

/** `src/words/places.ts` as the English catalogues ask for it. */
export async function placesModule(folder: string = shippedArtifacts): Promise<string> {
  const place = new RegExp(`^languages/${defaultLanguage}/(?!language\\.)([^/]+)\\.yaml$`);
  const catalogues = (await readArtifacts(folder)).flatMap((file) => {
    const name = place.exec(file.path)?.[1];
    const { value } = parseSource(file);
    if (name === undefined || !isObject(value)) return [];
    const keys = Object.entries(value).map(([key, pattern]) => {
      const places = placeholdersOf(String(pattern)).toSorted().map(quoted);
      return `    ${nameOf(key)}: [${places.join(', ')}],\n`;
    });
    return [`  ${nameOf(name)}: {\n${keys.join('')}  },\n`];
  });
  return `// Made from the English catalogues by \`npm run words\`; do not edit.

/** The catalogues, their keys, and the places of each: what code may say, and every language has words for. */
export const places = {
${catalogues.join('')}} as const;
`;
}

/** `words`: writes which words there are, so that the compiler knows them. */
await runAsProgram(import.meta.url, async () => {
  await writeFile(made, await placesModule());
});
