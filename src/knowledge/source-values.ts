import type { Language, Rule, Text } from './types.js';
import { textIn } from '../text.js';

/** Where rules of one basis come from: a section, and the recommendations that it gives. */
export interface SourcePlace {
  /** As it is named in the language; a bare number is the guideline's. */
  readonly section: string;
  readonly recommendations: string;
}

/** The sources of one basis: a phrase `source-…` names them. */
export interface BasisPlaces {
  readonly basis: Rule['basis'];
  readonly places: readonly SourcePlace[];
  /** `yes`: there are several sections, or one that names several («3.5.4, 3.7»). */
  readonly several: 'yes' | 'no';
}

/** A section as it is named in one language; a bare number is the guideline's. */
export function sectionIn(section: string | Text, language: Language): string {
  return typeof section === 'string' ? section : textIn(section, language);
}

/** Where rules come from, in the order of the rules: each basis, section and recommendation once. */
export function sourcesOf(rules: readonly Rule[], language: Language): readonly BasisPlaces[] {
  const bases = new Map<Rule['basis'], Map<string, Set<string>>>();
  for (const { basis, section, recommendations } of rules) {
    const sections = bases.get(basis) ?? new Map<string, Set<string>>();
    const name = sectionIn(section, language);
    sections.set(name, new Set([...(sections.get(name) ?? []), ...recommendations]));
    bases.set(basis, sections);
  }
  return [...bases].map(([basis, sections]) => ({
    basis,
    places: [...sections].map(([section, ids]) => ({ section, recommendations: [...ids].join(', ') })),
    several: sections.size > 1 || /\d(?:, | and | et )\d/.test([...sections.keys()].join()) ? 'yes' : 'no',
  }));
}
