import type { Side } from '../../knowledge/types.js';
import { column } from './column.js';
import { figureHeight, skeleton, type Bone } from './figure.js';
import type { Point } from './outline.js';

/** How grave the class of a lesion is; `open`: not certain yet, or none. */
export type Tone = 'low' | 'middle' | 'high' | 'open';

/** One lesion as the picture shows it. */
export interface Mark {
  readonly id: string;
  /** Body sites. */
  readonly places: readonly string[];
  /** Otherwise the lesion is at one of the places. */
  readonly certain: boolean;
  /** Of the body; absent where it is not said. */
  readonly side?: Side;
  readonly tone: Tone;
  /** The score, where there is one, and its total: what stands beside the lesion for a reader who sees it. */
  readonly score: string;
  readonly total: string;
}

/** What a place looks like: the gravest of the lesions there. */
export interface Look {
  readonly tone?: Tone;
  readonly possible: boolean;
}

const gravity: readonly Tone[] = ['low', 'middle', 'open', 'high'];

/** The gravest of several; an uncertain class may be grave, so that it stands above the middle one. */
export function gravest(tones: readonly Tone[]): Tone | undefined {
  return [...tones].sort((a, b) => gravity.indexOf(a) - gravity.indexOf(b)).at(-1);
}

/** How a place, or one side of it, is drawn. */
export function lookAt(marks: readonly Mark[], place: string, side?: Side): Look {
  const here = marks.filter(
    (mark) =>
      mark.places.includes(place) && (side === undefined || mark.side === undefined || mark.side === side),
  );
  const certain = here.filter((mark) => mark.certain && (side === undefined || mark.side !== undefined));
  const tone = gravest((certain.length > 0 ? certain : here).map((mark) => mark.tone));
  return { ...(tone !== undefined && { tone }), possible: here.length > 0 && certain.length === 0 };
}

/** The bones that a lesion can be in, in drawing order, each once. */
export const bonePlaces: readonly Bone[] = skeleton
  .flatMap(({ bones }) => bones)
  .filter(
    ({ place }, index, all) =>
      place !== undefined && all.findIndex((other) => other.place === place) === index,
  );

const levelIds: readonly string[] = column.map(({ id }) => id);

/** Every place of the picture: down the spine, then from head to foot. */
export const placeOrder: readonly string[] = [
  ...levelIds,
  ...[...bonePlaces].sort((a, b) => a.anchor[1] - b.anchor[1]).flatMap(({ place }) => place ?? []),
];

/** The words on a lesion, the point they speak of, and how high they stand. */
export interface Caption {
  readonly mark: Mark;
  readonly from: Point;
  readonly y: number;
  /** The levels that it spans, where there are several. */
  readonly span?: readonly [top: number, bottom: number];
}

/** Moves captions apart, from the top down, and back up where the picture ends. */
function spread(captions: readonly Caption[], apart: number, end: number): readonly Caption[] {
  const sorted = [...captions].sort((a, b) => a.y - b.y);
  let least = -Infinity;
  const lowered = sorted.map((caption) => {
    least = Math.max(caption.y, least + apart);
    return { ...caption, y: least };
  });
  let most = end;
  return lowered
    .reverse()
    .map((caption) => {
      const y = Math.min(caption.y, most);
      most = y - apart;
      return { ...caption, y };
    })
    .reverse();
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / Math.max(numbers.length, 1);

/** Captions beside the spine. */
export function spineCaptions(marks: readonly Mark[], apart: number, end: number): readonly Caption[] {
  const captions = marks.flatMap((mark): readonly Caption[] => {
    const levels = column.filter(({ id }) => mark.places.includes(id));
    const [first, last] = [levels[0], levels.at(-1)];
    if (mark.total === '' || first === undefined || last === undefined) return [];
    const y = mean([first.centre[1], last.centre[1]]);
    return [
      {
        mark,
        y,
        from: [mean(levels.map(({ centre }) => centre[0])) + 18, y],
        ...(first !== last && { span: [first.centre[1], last.centre[1]] as const }),
      },
    ];
  });
  return spread(captions, apart, end);
}

/** How far above or below a bone the words on it stand. */
const wordsAway = 60;

/** Captions at the right and the left edge of the figure; `from` is counted from the middle of the body. */
export function figureCaptions(
  marks: readonly Mark[],
  apart: number,
  end: number,
): Readonly<Record<'atRight' | 'atLeft', readonly Caption[]>> {
  const captions = marks.flatMap((mark): readonly Caption[] => {
    const here = bonePlaces.filter(({ place = '' }) => mark.places.includes(place));
    const middle = here[Math.floor((here.length - 1) / 2)];
    if (mark.total === '' || middle === undefined) return [];
    const [x, y] = middle.anchor;
    // Seen from the front, the right of the body is at the left of the picture.
    const mirrored = middle.paired && mark.side === 'right';
    // Above the lesion in the upper half of the body, below it in the lower one: the words do not cover it.
    const beside = y < figureHeight * 0.4 ? y - wordsAway : y + wordsAway;
    return [{ mark, y: Math.max(beside, wordsAway / 2), from: [mirrored ? -x : x, y] }];
  });
  return {
    atLeft: spread(
      captions.filter(({ from: [x] }) => x < 0),
      apart,
      end,
    ),
    atRight: spread(
      captions.filter(({ from: [x] }) => x >= 0),
      apart,
      end,
    ),
  };
}
