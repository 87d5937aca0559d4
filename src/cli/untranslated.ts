import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { missingWords } from '../knowledge/catalogues.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { translatedKinds } from '../knowledge/read/artifacts.js';
import type { UntranslatedText } from '../knowledge/read/translations.js';
import type { Language } from '../knowledge/types.js';
import { defaultLanguage } from '../text.js';

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

/** What a language lacks, as files to be filled in: each text below its English, its place empty. By their place in its folder. */
export function toTranslate(
  knowledge: Knowledge,
  untranslated: readonly UntranslatedText[],
  language: Language,
): ReadonlyMap<string, string> {
  const texts = untranslated.filter((text) => text.language === language);
  const words = missingWords(knowledge).filter((each) => each.language === language);
  return new Map([
    ...words.map(({ name, keys }): [string, string] => {
      const english = knowledge.catalogues.get(defaultLanguage)?.get(name) ?? {};
      return [`${name}.yaml`, keys.map((each) => line(each, english[each] ?? '', '')).join('\n') + '\n'];
    }),
    ...filesOf(texts).map(([file, inFile]): [string, string] => {
      const ids = [...new Set(inFile.map(({ id }) => id))];
      const entries = ids.map((id) =>
        entry(
          id,
          inFile.filter((text) => text.id === id),
        ),
      );
      return [`artifacts/${file}.yaml`, `${entries.join('\n')}\n`];
    }),
  ]);
}

function entry(id: string, texts: readonly UntranslatedText[]): string {
  return texts
    .map(({ address, english }, index) =>
      address === ''
        ? line(id, english, '')
        : `${index === 0 ? `${key(id)}:\n` : ''}${line(address, english, '  ')}`,
    )
    .join('\n');
}

/** A text to be filled in, below its English. */
function line(name: string, english: string, indent: string): string {
  return `${comment(english, indent)}${indent}${key(name)}: ''`;
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
 * Writes the files below a folder, or gives them as text where none is named. What somebody has translated is never
 * written over: a file that is there already stays as it is.
 * @returns lines to be printed
 */
export async function givenToTranslate(
  files: ReadonlyMap<string, string>,
  language: Language,
  out: string | undefined,
): Promise<readonly string[]> {
  if (out === undefined)
    return [...files].flatMap(([name, text]) => [`# languages/${language}/${name}`, text.trimEnd(), '']);
  await mkdir(join(out, 'artifacts'), { recursive: true });
  const lines: string[] = [];
  for (const [name, text] of files) {
    const path = join(out, name);
    lines.push(
      await writeFile(path, text, { flag: 'wx' }).then(
        () => path,
        (error: unknown) => notWritten(path, error),
      ),
    );
  }
  return lines;
}

function notWritten(path: string, error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
    return `${path} is there already, and was not touched: name another folder`;
  throw error;
}
