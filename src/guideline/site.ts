import type { Language } from '../knowledge/types.js';
import type { Knowing } from './knowing.js';

/** Addresses of the built style sheet and script; neither where the pages were not built. */
export interface Assets {
  readonly style?: string;
  readonly script?: string;
}

/** What every page needs to know of where it stands. */
export interface Site {
  readonly knowing: Knowing;
  readonly assets: Assets;
  readonly edition: string;
  /** The reader asked for this language in the address: links keep it. */
  readonly isLanguageChosen: boolean;
  /** Path below which the service is reached: empty, or `/cds`. */
  readonly prefix: string;
}

/** Address of a page, in the language that the reader chose. */
export function linkTo(
  { knowing, isLanguageChosen, prefix }: Site,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const language = isLanguageChosen ? { lang: knowing.language } : {};
  return addressOf(`${prefix}/guideline${path}`, { ...query, ...language });
}

/** The same page in the other language. */
export function inLanguage(
  { prefix }: Site,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  lang: Language,
): string {
  return addressOf(`${prefix}/guideline${path}`, { ...query, lang });
}

function addressOf(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const [before = '', anchor] = path.split('#');
  const set = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, value]],
  );
  const search = set.length === 0 ? '' : `?${new URLSearchParams(set).toString()}`;
  return `${before}${search}${anchor === undefined ? '' : `#${anchor}`}`;
}

export const rulePath = (id: string): string => `/${id}`;
export const recommendationPath = (id: string): string => `/recommendations/${id}`;
export const attemptPath = '/try';
export const gatheredId = 'to-complete';
