import { around, pointsIn, type Point } from './outline.js';

interface Rib {
  /** Where it leaves the spine, how far it reaches to the side and how low it is there. */
  readonly spine: number;
  readonly side: Point;
  /** Where bone becomes cartilage, and where that ends. */
  readonly cartilage?: readonly [from: Point, to: Point];
}

const first = 151.7;
const step = 11.4;
/** How far each rib reaches to the side, and how much lower than at the spine it is there. */
const reaches = pointsIn('33,8 47,14 56,20 62,24 66,27 69,29 70,31 70,33 68,34 63,32 52,22 38,16');
/** Where the bone of each of the first ten ends, and where its cartilage does. */
const boneEnds = pointsIn('22,173 23,195 27,212 30,227 33,242 37,256 42,269 47,280 52,290 56,298');
const cartilageEnds = pointsIn('13,171 9,190 10,203 10,214 10,225 9,236 6,245 29,265 38,275 46,284');

const ribs: readonly Rib[] = reaches.map(([reach, drop], index) => {
  const spine = first + index * step;
  const [from, to] = [boneEnds[index], cartilageEnds[index]];
  const ends = from === undefined || to === undefined ? {} : { cartilage: [from, to] as const };
  return { spine, side: [reach, spine + drop], ...ends };
});

function backOfRib({ spine, side: [x, y] }: Rib): string {
  return around([
    [8, spine, 4],
    [x * 0.5, spine - 1 + (y - spine) * 0.08, 5],
    [x * 0.85, spine + (y - spine) * 0.4, 5],
    [x, y, 4],
  ]);
}

function frontOfRib({ side: [x, y], cartilage }: Rib): readonly string[] {
  if (cartilage === undefined) return [];
  const [[endX, endY]] = cartilage;
  const sag = (endY - y) * 0.62;
  return [
    around([
      [x, y, 4],
      [x - (x - endX) * 0.12, y + sag * 0.62, 5],
      [x - (x - endX) * 0.55, endY - (endY - y) * 0.1, 5.4],
      [endX, endY, 6],
    ]),
  ];
}

function cartilageOf({ cartilage }: Rib): readonly string[] {
  if (cartilage === undefined) return [];
  const [[fromX, fromY], [toX, toY]] = cartilage;
  const lift = fromY > toY + 8 ? 3 : 0;
  return [
    around([
      [fromX, fromY, 5.4],
      [(fromX + toX) / 2, (fromY + toY) / 2 + lift, 5],
      [toX, toY, 4.6],
    ]),
  ];
}

/** Their parts behind the heart, before it, and the cartilage that holds these to the breastbone. */
export const ribOutlines = {
  back: ribs.map(backOfRib),
  front: ribs.flatMap(frontOfRib),
  cartilage: ribs.flatMap(cartilageOf),
} as const;
