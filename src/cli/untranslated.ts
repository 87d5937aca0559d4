import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knowledge } from '../knowledge/knowledge.js';
import { translatedKinds } from '../knowledge/read/artifacts.js';
import type { UntranslatedText } from '../knowledge/read/translations.js';
import type { Language } from '../knowledge/types.js';

/** So many are named at once; the others are counted. */
const mostNamed = 20;

/** What each further language lacks: how much of what, and where. */
export function untranslatedLines(
  { languages }: Knowledge,
  untranslated: readonly UntranslatedText[],
): readonly string[] {
  return languages.flatMap(({ code, name }) => {
    const texts = untranslated.filter(({ language }) => language === code);
    if (texts.length === 0) return [];
    const files = filesOf(texts);
    const counts = files.map(([file, inFile]) => `${file} ${inFile.length}`);
    const named = files.flatMap(([, inFile]) => inFile).slice(0, mostNamed);
    const more = texts.length - mostNamed;
    return [
      `untranslated: ${name} lacks ${texts.length} texts, said in English (${counts.join(', ')}); validate --untranslated ${code} prints them`,
      ...named.map(({ at, id, address }) => `  ${at} ${[id, address].join(' ').trimEnd()}`),
      ...(more > 0 ? [`  and ${more} more`] : []),
    ];
  });
}

/** By the file of the language that they belong to: `rules`, `phrases`. */
function filesOf(
  texts: readonly UntranslatedText[],
): readonly (readonly [string, readonly UntranslatedText[]])[] {
  return Object.entries(translatedKinds).flatMap(([file, kind]) => {
    const inFile = texts.filter((text) => text.kind === kind);
    return inFile.length === 0 ? [] : [[file, inFile] as const];
  });
}

/** What a language lacks, as files to be filled in: each text below its English, its place empty. By name. */
export function toTranslate(
  untranslated: readonly UntranslatedText[],
  language: Language,
): ReadonlyMap<string, string> {
  const texts = untranslated.filter((text) => text.language === language);
  return new Map(
    filesOf(texts).map(([file, inFile]) => {
      const ids = [...new Set(inFile.map(({ id }) => id))];
      const entries = ids.map((id) =>
        entry(
          id,
          inFile.filter((text) => text.id === id),
        ),
      );
      return [`${file}.yaml`, `${entries.join('\n')}\n`];
    }),
  );
}

function entry(id: string, texts: readonly UntranslatedText[]): string {
  return texts
    .map(({ address, english }, index) =>
      address === ''
        ? `${comment(english, '')}${key(id)}: ''`
        : `${index === 0 ? `${key(id)}:\n` : ''}${comment(english, '  ')}  ${key(address)}: ''`,
    )
    .join('\n');
}

function comment(english: string, indent: string): string {
  return english
    .trimEnd()
    .split('\n')
    .map((line) => `${indent}# ${line}`.trimEnd() + '\n')
    .join('');
}

/** A name as it stands in YAML: quoted where it would be read as something else. */
function key(name: string): string {
  return /^[A-Za-z][\w./-]*$/.test(name) && !/^(true|false|null)$/i.test(name) ? name : JSON.stringify(name);
}

/**
 * Writes the files below a folder, or gives them as text where there is none.
 * @returns lines to be printed
 */
export async function givenToTranslate(
  files: ReadonlyMap<string, string>,
  language: Language,
  out: string | undefined,
): Promise<readonly string[]> {
  if (out === undefined)
    return [...files].flatMap(([name, text]) => [
      `# languages/${language}/artifacts/${name}`,
      text.trimEnd(),
      '',
    ]);
  await mkdir(out, { recursive: true });
  for (const [name, text] of files) await writeFile(join(out, name), text);
  return [...files.keys()].map((name) => join(out, name));
}
