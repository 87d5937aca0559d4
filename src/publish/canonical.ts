import { createHash } from 'node:crypto';
import type { CodeableConcept, ContactDetail, Element } from 'fhir/r4.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { translatedTo } from '../knowledge/translation.js';
import type { Guideline, Language, Text } from '../knowledge/types.js';
import { textIn } from '../text.js';

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

/** A text in the languages that are not served. */
export function othersOf(text: Text, served: Language): readonly (readonly [Language, string])[] {
  return Object.entries(text).filter(([language]) => language !== served);
}

/** The sibling element (`_title` of `title`) that holds a text in the languages that are not served. */
export function translation(text: Text, served: Language): Element {
  return translatedTo(othersOf(text, served));
}

/** The same for a code: what it is called in the languages that are not served. */
export function designations(
  display: Text,
  served: Language,
): { readonly language: Language; readonly value: string }[] {
  return othersOf(display, served).map(([language, value]) => ({ language, value }));
}

/** In whose name a resource is published, and where its guideline holds. */
export function publishedBy({ published, jurisdiction }: Guideline, language: Language) {
  const { system, code, display } = jurisdiction;
  return {
    publisher: published.publisher,
    ...(published.contact !== undefined && {
      contact: [{ telecom: [{ system: 'url', value: published.contact }] }] satisfies ContactDetail[],
    }),
    jurisdiction: [
      { coding: [{ system, code, display: textIn(display, language) }] },
    ] satisfies CodeableConcept[],
  };
}

/** What every published resource says of itself; its elements stand after `resourceType` and `id`. */
export function about(
  { canonicalBase, guideline }: Pick<Knowledge, 'canonicalBase' | 'guideline'>,
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
    url: canonical(canonicalBase, type, id),
    version,
    name: computerName(id),
    title: textIn(title, language),
    _title: translation(title, language),
    experimental: false,
    ...publishedBy(guideline, language),
    description: textIn(description, language),
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
