import { createHash } from 'node:crypto';
import type { Element } from 'fhir/r4.js';
import { translatedTo } from '../knowledge/translation.js';
import type { Language, Text } from '../knowledge/types.js';

export const publishedTypes = [
  'CodeSystem',
  'ValueSet',
  'ConceptMap',
  'Questionnaire',
  'PlanDefinition',
] as const;
export type PublishedType = (typeof publishedTypes)[number];

/** Canonical URL of a published resource. */
export function canonical(base: string, type: PublishedType, id: string): string {
  return `${base}/${type}/${id}`;
}

/** Code system of the scores, their items and their answers. */
export function scoreSystemAt(base: string): string {
  return canonical(base, 'CodeSystem', 'score');
}

export const otherLanguage: Readonly<Record<Language, Language>> = { en: 'fr', fr: 'en' };

/** The sibling element (`_title` of `title`) that holds a text in the language that is not served. */
export function translation(text: Text, served: Language): Element {
  const other = otherLanguage[served];
  return translatedTo(other, text[other]);
}

/** What every published resource says of itself; its elements stand after `resourceType` and `id`. */
export function about(
  base: string,
  type: PublishedType,
  id: string,
  {
    version,
    title,
    description,
  }: { readonly version: string; readonly title: Text; readonly description: Text },
  language: Language,
) {
  return {
    id,
    language,
    url: canonical(base, type, id),
    version,
    name: computerName(id),
    title: title[language],
    _title: translation(title, language),
    experimental: false,
    publisher: 'bone-metastasis-cds',
    description: description[language],
    _description: translation(description, language),
  };
}

/**
 * The version of what a hospital changed: one canonical URL and version may name one content only (R4,
 * `ValueSet.version`), and two hospitals do not change the same. Semantic versioning calls this build metadata.
 */
export function localVersion(version: string | undefined, changes: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(changes)).digest('hex').slice(0, 8);
  return `${version ?? '0'}+local.${hash}`;
}

/** Computer name of an id: `sins-pain` → `SinsPain`. */
export function computerName(id: string): string {
  return id.replace(/(?:^|-)(.)/g, (_all, first: string) => first.toUpperCase());
}
