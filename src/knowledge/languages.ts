import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isObject } from '../json.js';
import { defaultLanguage } from '../text.js';
import { shippedArtifacts } from './read/read-artifacts.js';
import type { Language, SpokenLanguage } from './types.js';

/** The languages of an artifacts' folder: English, in which nothing is missing, and the others in the order of their codes. */
export function languagesOf(written: readonly SpokenLanguage[]): readonly SpokenLanguage[] {
  const rank = ({ code }: SpokenLanguage): string => (code === defaultLanguage ? '' : code);
  return Object.freeze([...written].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)));
}

/**
 * Which languages there are, for what is read before the knowledge: configuration, arguments of a program, pages that are
 * built. A file that its schema refuses is left aside here, and refused when the knowledge is loaded.
 */
export function readLanguages(folder = shippedArtifacts): readonly SpokenLanguage[] {
  const languages = join(folder, 'languages');
  return languagesOf(readdirSync(languages).flatMap((code) => languageAt(join(languages, code), code)));
}

function languageAt(folder: string, code: string): readonly SpokenLanguage[] {
  try {
    const written: unknown = parse(readFileSync(join(folder, 'language.yaml'), 'utf8'));
    if (!isObject(written)) return [];
    const { name, locale, typeset, firstOfMonth, capitalNouns } = written;
    if (typeof name !== 'string' || typeof locale !== 'string') return [];
    return [
      {
        code,
        name,
        locale,
        ...(isTable(typeset) && { typeset }),
        ...(typeof firstOfMonth === 'string' && { firstOfMonth }),
        ...(typeof capitalNouns === 'boolean' && { capitalNouns }),
      },
    ];
  } catch {
    return [];
  }
}

function isTable(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((each) => typeof each === 'string');
}

let shipped: readonly SpokenLanguage[] | undefined;

/** The languages of the shipped artifacts, read once. */
export function shippedLanguages(): readonly SpokenLanguage[] {
  return (shipped ??= readLanguages());
}

/** The codes of the shipped languages. */
export function shippedLanguageCodes(): readonly Language[] {
  return shippedLanguages().map(({ code }) => code);
}
