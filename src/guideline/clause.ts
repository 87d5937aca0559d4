/** A word or more of a clause; a name of the knowledge can be followed to where it is explained. */
export type Phrase =
  | string
  | { readonly words: string; readonly input: string }
  | { readonly words: string; readonly setting: string };

/** A condition in words: a statement, a list of which all or any must hold, or one that depends on another. */
export type Clause =
  | { readonly kind: 'statement'; readonly phrases: readonly Phrase[] }
  | { readonly kind: 'all' | 'any'; readonly clauses: readonly Clause[] }
  | { readonly kind: 'cases'; readonly cases: readonly ClauseCase[]; readonly otherwise: Clause };

export interface ClauseCase {
  readonly when: Clause;
  readonly then: Clause;
}

/** The words alone, for a search or a sentence. */
export function plainWords(clause: Clause, joins: { readonly and: string; readonly or: string }): string {
  switch (clause.kind) {
    case 'statement':
      return clause.phrases.map((phrase) => (typeof phrase === 'string' ? phrase : phrase.words)).join('');
    case 'all':
    case 'any':
      return clause.clauses
        .map((each) => plainWords(each, joins))
        .join(clause.kind === 'all' ? joins.and : joins.or);
    case 'cases':
      return [
        ...clause.cases.flatMap(({ when, then }) => [plainWords(then, joins), plainWords(when, joins)]),
        plainWords(clause.otherwise, joins),
      ].join(', ');
  }
}
