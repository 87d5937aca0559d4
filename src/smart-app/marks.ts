import type { Language } from '../knowledge/types.js';
import { gravest, type Mark } from '../ui/body/marks.js';
import { shortTitle, type AppKnowledge } from './knowledge.js';
import { shortResult, toneOf, type LesionView } from './lesions.js';

/** Sites that are seen on a larger bone of the picture. */
const shownOn: Readonly<Record<string, string>> = { occiput: 'skull' };

const drawn = (places: readonly string[]): readonly string[] => places.map((id) => shownOn[id] ?? id);

/**
 * The lesions as the picture shows them.
 * @param unscored what stands beside a lesion without a score
 */
export function marksOf(
  lesions: readonly LesionView[],
  { scores }: AppKnowledge,
  language: Language,
  unscored: string,
): readonly Mark[] {
  return lesions.map(({ reference, places, results }) => {
    const { exact, possible, side } = places;
    const where = drawn(exact.length > 0 ? exact : possible);
    const scored = results.flatMap((result) => {
      const score = scores.find(({ id }) => id === result.score);
      if (score === undefined) return [];
      return [{ tone: toneOf(score, result), name: shortTitle(score, language), total: shortResult(result) }];
    });
    return {
      id: reference,
      places: where,
      certain: exact.length > 0,
      ...(side !== undefined && { side }),
      tone: gravest(scored.map(({ tone }) => tone)) ?? 'open',
      score: scored.map(({ name }) => name).join(' · '),
      total: scored.length === 0 ? unscored : scored.map(({ total }) => total).join(' · '),
    };
  });
}
