/** How the id of a value set ends whose codes name a drug and leave its strength open; before it stands that of the drug. */
const STRENGTH_UNKNOWN = '-strength-unknown';

/** The value set of which a code of this one does not say the part: a drug, where its strength decides what it is for. */
export function wholeOf(id: string): string | undefined {
  return id.endsWith(STRENGTH_UNKNOWN) ? id.slice(0, -STRENGTH_UNKNOWN.length) : undefined;
}

/**
 * Of the answers for several codes of one thing, those that say most: where one code names the ingredient and another the
 * product, the product counts, and the value sets that the ingredient may be in do not.
 * @param moreExact for a value set that leaves the part open, the value sets of the parts
 */
export function mostExact(
  answers: readonly (readonly string[])[],
  moreExact: ReadonlyMap<string, ReadonlySet<string>>,
): readonly (readonly string[])[] {
  if (answers.length < 2) return answers;
  return answers.filter((answer) => {
    const parts = answer.map((id) => moreExact.get(id)).find((found) => found !== undefined);
    return parts === undefined || !answers.some((other) => other.some((id) => parts.has(id)));
  });
}
