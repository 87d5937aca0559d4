import { closed, type Point } from './outline.js';

/** The spine seen from its left side: the front of the body is at the left of the picture. */

export const columnWidth = 182;
/** Where the words on a lesion stand, beside the spine. */
export const wordsStart = 122;

export interface Level {
  readonly id: string;
  readonly top: number;
  readonly height: number;
  readonly centre: Point;
  readonly body: string;
  /** Arch and processes behind the body; none on the sacrum. */
  readonly arch?: string;
  /** The disc below the body. */
  readonly disc?: string;
}

interface Region {
  readonly letter: string;
  readonly count: number;
  /** Height of each level: large enough to be hit by a finger (WCAG 2.2, 2.5.8). */
  readonly height: number;
  /** Depth of the first vertebral body, and how much each next one is deeper. */
  readonly depth: number;
  readonly deeper: number;
  /** How far the spinous process reaches behind the body, how far down, and how tall its end is. */
  readonly spinous: readonly [reach: number, drop: number, end: number];
}

const regions: readonly Region[] = [
  { letter: 'C', count: 7, height: 24, depth: 21, deeper: 0.9, spinous: [20, 5, 5] },
  { letter: 'T', count: 12, height: 24.5, depth: 27, deeper: 0.9, spinous: [27, 15, 4.5] },
  { letter: 'L', count: 5, height: 30, depth: 38, deeper: 0.8, spinous: [29, 5, 13] },
  { letter: 'S', count: 5, height: 24, depth: 41, deeper: -6.6, spinous: [0, 0, 0] },
];

/** Spinous processes that differ from those of their region. */
const processes: Readonly<Record<string, Region['spinous']>> = {
  C1: [13, 2, 4],
  C2: [25, 6, 6],
  C7: [25, 6, 6],
  T11: [26, 8, 9],
  T12: [26, 8, 9],
};

const margin = 8;

/** Where the middle of the bodies is from side to side: lordosis, kyphosis, lordosis, sacrum. */
const curve: readonly (readonly [level: number, x: number])[] = [
  [0, 65],
  [3.5, 54],
  [7, 59],
  [12.5, 75],
  [18, 66],
  [21.5, 56],
  [23.4, 58],
  [25, 65],
  [27, 79],
  [28.5, 79],
  [29.5, 70],
];

/** Between two points of the curve, smoothly. */
function xAt(level: number): number {
  const next = curve.findIndex(([known]) => known >= level);
  const [to, from] = [curve[Math.max(next, 0)], curve[Math.max(next - 1, 0)]];
  if (to === undefined || from === undefined || to[0] === from[0]) return to?.[1] ?? 60;
  const part = (level - from[0]) / (to[0] - from[0]);
  const eased = (1 - Math.cos(part * Math.PI)) / 2;
  return from[1] + (to[1] - from[1]) * eased;
}

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly turn: number;
}

/** From the vertebra's own axes into the picture. */
const placed =
  ({ x, y, turn }: Frame) =>
  ([dx, dy]: Point): Point => [
    x + dx * Math.cos(turn) - dy * Math.sin(turn),
    y + dx * Math.sin(turn) + dy * Math.cos(turn),
  ];

function bodyPoints(depth: number, height: number): readonly Point[] {
  const [x, y] = [depth / 2, height / 2];
  return [
    [-x, -y],
    [-x * 0.4, -y + 0.6],
    [x * 0.4, -y + 0.6],
    [x, -y],
    [x + 0.4, -y * 0.75],
    [x - 1.8, 0],
    [x + 0.4, y * 0.75],
    [x, y],
    [x * 0.4, y - 0.6],
    [-x * 0.4, y - 0.6],
    [-x, y],
    [-x - 0.4, y * 0.75],
    [-x + 2, 0],
    [-x - 0.4, -y * 0.75],
  ];
}

/** Pedicle, the two articular processes, and the spinous process. */
function archPoints(depth: number, height: number, [reach, drop, end]: Region['spinous']): readonly Point[] {
  const x = depth / 2;
  const y = height / 2;
  return [
    [x - 3, -y * 0.72],
    [x + 4, -y * 0.7],
    [x + 7, -y * 1.25],
    [x + 11, -y * 1.2],
    [x + 12, -y * 0.45],
    [x + reach * 0.72, -y * 0.2 + drop * 0.45],
    [x + reach, drop - end * 0.1],
    [x + reach + 1.5, drop + end * 0.55],
    [x + reach - 2, drop + end],
    [x + reach * 0.62, drop * 0.7 + Math.max(end * 0.7, 4)],
    [x + 11, y * 0.62],
    [x + 8.5, y * 1.2],
    [x + 5, y * 1.1],
    [x + 5.5, y * 0.1],
    [x - 2, -y * 0.02],
  ];
}

/** The sacrum is one bone: its levels share their edges. */
function sacral({ depth, deeper, height }: Region, index: number, number: number, top: number): string {
  const edge = (step: number): readonly [front: Point, back: Point] => {
    const half = (depth + (index + step) * deeper) / 2;
    const level = number + step;
    const turn = -Math.atan2(xAt(level + 0.5) - xAt(level - 0.5), height) * 0.8;
    const put = placed({ x: xAt(level), y: top + step * height, turn });
    return [put([-half, 0]), put([half, 0])];
  };
  const [[front, back], [waistFront, waistBack], [nextFront, nextBack]] = [edge(0), edge(0.5), edge(1)];
  const between = ([ax, ay]: Point, [bx, by]: Point): Point => [(ax + bx) / 2, (ay + by) / 2];
  return closed([
    front,
    between(front, back),
    back,
    [waistBack[0] + 1.4, waistBack[1]],
    nextBack,
    between(nextBack, nextFront),
    nextFront,
    [waistFront[0] + 0.8, waistFront[1]],
  ]);
}

function levelOf(region: Region, index: number, number: number, top: number): Level {
  const { letter, height, depth, deeper, spinous } = region;
  const own = depth + index * deeper;
  const middle = number + 0.5;
  const centre: Point = [xAt(middle), top + height / 2];
  const id = `${letter}${index + 1}`;
  const shared = { id, top, height, centre };
  if (letter === 'S') return { ...shared, body: sacral(region, index, number, top) };
  // The lower the slope is followed, the less the levels run into one another.
  const turn = -Math.atan2(xAt(middle + 0.5) - xAt(middle - 0.5), height) * 0.75;
  const tall = height * 0.76;
  const put = (points: readonly Point[]): string =>
    closed(points.map(placed({ x: centre[0], y: centre[1], turn })));
  const half = own / 2 - 0.5;
  const bodies: Readonly<Record<string, typeof bodyPoints>> = { C1: atlasPoints, C2: axisPoints };
  return {
    ...shared,
    body: put((bodies[id] ?? bodyPoints)(own, tall)),
    arch: put(archPoints(own, tall, processes[id] ?? spinous)),
    ...(id !== 'C1' && {
      disc: put([
        [-half, tall / 2 - 0.4],
        [half, tall / 2 - 0.4],
        [half, height - tall / 2 + 0.4],
        [-half, height - tall / 2 + 0.4],
      ]),
    }),
  };
}

/** The first cervical vertebra has no body: its front arch is low. */
function atlasPoints(depth: number, height: number): readonly Point[] {
  const [x, y] = [depth / 2, height / 2];
  return [
    [-x - 1, -y * 0.3],
    [-x * 0.4, -y * 0.8],
    [x * 0.5, -y * 0.9],
    [x, -y * 0.4],
    [x, y * 0.6],
    [x * 0.3, y * 0.9],
    [-x * 0.5, y * 0.7],
    [-x - 1, y * 0.35],
  ];
}

/** The second cervical vertebra bears the dens. */
function axisPoints(depth: number, height: number): readonly Point[] {
  const [x, y] = [depth / 2, height / 2];
  return [
    [-x * 0.75, -y * 0.9],
    [-x * 0.5, -y * 1.75],
    [-x * 0.05, -y * 1.8],
    [x * 0.1, -y],
    [x, -y * 0.7],
    [x - 1, 0],
    [x, y],
    [0, y],
    [-x, y],
    [-x + 1, 0],
  ];
}

function levels(): readonly Level[] {
  let top = margin;
  let number = 0;
  return regions.flatMap((region) =>
    Array.from({ length: region.count }, (_, index) => {
      const level = levelOf(region, index, number, top);
      top += region.height;
      number += 1;
      return level;
    }),
  );
}

/** C1 to S5, from top to bottom. */
export const column: readonly Level[] = levels();
const [last] = column.slice(-1);
export const columnHeight = (last === undefined ? 0 : last.top + last.height) + margin;
