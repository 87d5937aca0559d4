/** Outlines of bones from few points, as SVG path data. One unit is one CSS pixel at full size. */

/** Distance from the middle of the body (or from the left of the picture), and height from the top. */
export type Point = readonly [x: number, y: number];

/** A point of a bone's axis and how wide the bone is there. */
export type Girth = readonly [x: number, y: number, width: number];

/** Points as SVG's `points` attribute writes them: `x,y x,y`. */
export function pointsIn(text: string): readonly Point[] {
  return text.split(' ').map((pair) => {
    const [x = 0, y = 0] = pair.split(',').map(Number);
    return [x, y];
  });
}

function girthsIn(text: string): readonly Girth[] {
  return text.split(' ').map((triple) => {
    const [x = 0, y = 0, width = 0] = triple.split(',').map(Number);
    return [x, y, width];
  });
}

const round = (value: number): number => Math.round(value * 10) / 10;

const at = (points: readonly Point[], index: number): Point =>
  points[(index + points.length) % points.length] ?? [0, 0];

/** A closed curve through all points (Catmull-Rom, as cubic Béziers). */
export function closed(through: string | readonly Point[]): string {
  const points = typeof through === 'string' ? pointsIn(through) : through;
  const [x, y] = at(points, 0);
  const curves = points.map((_point, index) => {
    const [a, b, c, d] = [
      at(points, index - 1),
      at(points, index),
      at(points, index + 1),
      at(points, index + 2),
    ];
    const first = [b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6].map(round);
    const second = [c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6].map(round);
    return `C${first.join(' ')} ${second.join(' ')} ${round(c[0])} ${round(c[1])}`;
  });
  return `M${round(x)} ${round(y)}${curves.join('')}Z`;
}

/** A closed curve through points of one half and, on the way back, through their mirror images. */
export function symmetric(through: string | readonly Point[]): string {
  const half = typeof through === 'string' ? pointsIn(through) : through;
  const back = [...half].reverse().filter(([x]) => x !== 0);
  return closed([...half, ...back.map(([x, y]): Point => [-x, y])]);
}

/** A closed curve around an axis (`x,y,width x,y,width`): a rib, the shaft of a long bone. */
export function around(along: string | readonly Girth[]): string {
  const axis = typeof along === 'string' ? girthsIn(along) : along;
  const sides = axis.map(([x, y, width], index) => {
    const [fromX, fromY] = axis[Math.max(index - 1, 0)] ?? [x, y];
    const [toX, toY] = axis[Math.min(index + 1, axis.length - 1)] ?? [x, y];
    const length = Math.hypot(toX - fromX, toY - fromY) || 1;
    const [across, down] = [(toY - fromY) / length, -(toX - fromX) / length].map(
      (part) => (part * width) / 2,
    );
    return { x, y, across: across ?? 0, down: down ?? 0 };
  });
  return closed([
    ...sides.map(({ x, y, across, down }): Point => [x + across, y + down]),
    ...sides.reverse().map(({ x, y, across, down }): Point => [x - across, y - down]),
  ]);
}
