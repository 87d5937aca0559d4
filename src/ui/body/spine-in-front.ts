import { symmetric } from './outline.js';

/** Levels of the spine as they are seen from the front: top, bottom and half width. */
function levelsInFront(): readonly (readonly [id: string, top: number, bottom: number, half: number])[] {
  const regions = [
    { letter: 'C', count: 7, top: 88, step: 8.3, half: 9, more: 0.3 },
    { letter: 'T', count: 12, top: 146, step: 11.4, half: 8.5, more: 0.25 },
    { letter: 'L', count: 5, top: 283, step: 14.6, half: 12, more: 0.6 },
    { letter: 'S', count: 5, top: 357, step: 8.6, half: 23, more: -4 },
  ] as const;
  return regions.flatMap(({ letter, count, top, step, half, more }) =>
    Array.from(
      { length: count },
      (_, index) =>
        [`${letter}${index + 1}`, top + index * step, top + (index + 1) * step, half + index * more] as const,
    ),
  );
}

/** The spine behind the ribs: shown, and coloured by what is known, but chosen on the drawing of the spine. */
export const spineInFront: readonly { readonly id: string; readonly outline: string }[] = levelsInFront().map(
  ([id, top, bottom, half]) => {
    const waist = (top + bottom) / 2;
    if (id.startsWith('S')) {
      return { id, outline: `M${-half} ${top}L${half} ${top}L${half - 4} ${bottom}L${4 - half} ${bottom}Z` };
    }
    const wing = id.startsWith('L') ? 8 : 4;
    return {
      id,
      outline: symmetric([
        [half - 1, top + 1],
        [half, top + 2.5],
        [half - 1.4, waist - 1.5],
        [half + wing, waist - 1],
        [half + wing, waist + 1.5],
        [half - 1.4, waist + 2],
        [half, bottom - 2],
        [half - 1, bottom - 0.8],
      ]),
    };
  },
);
