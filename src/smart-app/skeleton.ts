import type { Side } from '../knowledge/types.js';

/** The drawing: a column of vertebrae and a figure seen from the front. One unit is one CSS pixel at full size. */

export interface Level {
  readonly id: string;
  readonly y: number;
  readonly width: number;
}

/** Rows this high are large enough to be hit, also when the picture is drawn a little smaller (WCAG 2.2, 2.5.8). */
export const rowHeight = 25;
export const columnCentre = 51;
export const pictureWidth = 300;

const regions: readonly (readonly [prefix: string, count: number, first: number, step: number])[] = [
  ['C', 7, 56, 1.5],
  ['T', 12, 68, 1.5],
  ['L', 5, 88, 2],
  ['S', 5, 92, -8],
];

function levels(): readonly Level[] {
  const ids = regions.flatMap(([prefix, count, first, step]) =>
    Array.from({ length: count }, (_, index) => ({
      id: `${prefix}${index + 1}`,
      width: first + index * step,
    })),
  );
  return ids.map((level, index) => ({ ...level, y: 6 + index * rowHeight }));
}

/** C1 to S5, from top to bottom. */
export const spine: readonly Level[] = levels();
export const pictureHeight = 12 + spine.length * rowHeight;

export type Shape =
  | {
      readonly kind: 'ellipse';
      readonly x: number;
      readonly y: number;
      readonly rx: number;
      readonly ry: number;
    }
  | { readonly kind: 'path'; readonly d: string; readonly width?: number };

export interface Bone {
  readonly id: string;
  /** Shapes of both sides of the body. */
  readonly shapes: readonly Shape[];
}

/** Where a word on a bone is written: on the first of its shapes. */
export function labelPoint({ shapes: [first] }: Bone): { readonly x: number; readonly y: number } {
  if (first === undefined) return { x: 0, y: 0 };
  if (first.kind === 'ellipse') return { x: first.x, y: first.y };
  const numbers = (first.d.match(/\d+/g) ?? []).map(Number);
  const mean = (parity: number): number => {
    const own = numbers.filter((_number, index) => index % 2 === parity);
    return own.reduce((sum, number) => sum + number, 0) / own.length;
  };
  return { x: mean(0), y: mean(1) };
}

const middle = 203;

/** Where a shape lies: seen from the front, the right of the body is at the left of the picture. */
export function sideOf(shape: Shape): Side | undefined {
  const { x } = labelPoint({ id: '', shapes: [shape] });
  return Math.abs(x - middle) < 1 ? undefined : x < middle ? 'right' : 'left';
}

function ellipse(dx: number, y: number, rx: number, ry: number): readonly Shape[] {
  return dx === 0
    ? [{ kind: 'ellipse', x: middle, y, rx, ry }]
    : [-dx, dx].map((offset) => ({ kind: 'ellipse', x: middle + offset, y, rx, ry }));
}

/** A thick line through points given as distance from the middle and height, on both sides. */
function limb(width: number, ...points: readonly (readonly [number, number])[]): readonly Shape[] {
  return [-1, 1].map((side) => ({
    kind: 'path',
    width,
    d: points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${middle + side * x} ${y}`).join(' '),
  }));
}

/** Bones that lesions are told apart by, roughly from head to foot. */
export const bones: readonly Bone[] = [
  { id: 'skull', shapes: ellipse(0, 40, 28, 32) },
  {
    id: 'mandible',
    shapes: [{ kind: 'path', d: `M${middle - 16} 78 Q${middle} 104 ${middle + 16} 78`, width: 14 }],
  },
  { id: 'clavicle', shapes: limb(12, [12, 126], [52, 118]) },
  { id: 'scapula', shapes: ellipse(47, 154, 12, 20) },
  { id: 'sternum', shapes: [{ kind: 'path', d: `M${middle} 140 L${middle} 206`, width: 18 }] },
  {
    id: 'rib',
    shapes: [156, 180, 204, 228].flatMap((y) => limb(7, [14, y], [34, y + 4], [40, y + 18])),
  },
  { id: 'humerus-proximal', shapes: ellipse(70, 134, 12, 13) },
  { id: 'humerus-shaft', shapes: limb(14, [72, 156], [74, 208]) },
  { id: 'humerus-distal', shapes: ellipse(76, 230, 12, 12) },
  { id: 'radius', shapes: limb(10, [84, 254], [88, 330]) },
  { id: 'ulna', shapes: limb(10, [69, 254], [72, 330]) },
  { id: 'ilium', shapes: limb(24, [44, 292], [32, 320]) },
  { id: 'acetabulum', shapes: ellipse(47, 350, 12, 12) },
  { id: 'pubis', shapes: limb(14, [27, 364], [19, 366]) },
  { id: 'ischium', shapes: ellipse(26, 390, 11, 12) },
  { id: 'pubic-symphysis', shapes: ellipse(0, 368, 6, 12) },
  { id: 'coccyx', shapes: ellipse(0, 338, 8, 12) },
  { id: 'femur-head', shapes: ellipse(54, 376, 12, 12) },
  { id: 'femur-neck', shapes: limb(14, [66, 386], [70, 392]) },
  { id: 'femur-trochanteric', shapes: ellipse(72, 414, 15, 15) },
  { id: 'femur-shaft', shapes: limb(18, [70, 440], [58, 514]) },
  { id: 'femur-distal', shapes: ellipse(56, 540, 16, 14) },
  { id: 'tibia-other', shapes: [...ellipse(53, 570, 14, 12), ...ellipse(48, 678, 12, 11)] },
  { id: 'tibia-shaft', shapes: limb(15, [51, 592], [48, 658]) },
  { id: 'fibula', shapes: limb(9, [71, 578], [67, 672]) },
];
