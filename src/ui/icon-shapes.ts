/** A drawing of 20 by 20 units: filled shapes, then lines over them; `marks` are drawn in the colour of the ground. */
export interface IconShape {
  readonly fills?: readonly string[];
  readonly marks?: readonly string[];
  readonly lines?: readonly string[];
  /** Lines that are dashed: what is not known. */
  readonly dashes?: readonly string[];
}

const ring = 'M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z';

/** The icons of all pages. A severity is told by its shape as well as by its colour: octagon, triangle, circle. */
export const iconShapes = {
  critical: {
    fills: ['M6.4 1.5h7.2l4.9 4.9v7.2l-4.9 4.9H6.4l-4.9-4.9V6.4z'],
    marks: ['M10 5.4v5.6M10 14.2v.1'],
  },
  warning: { fills: ['M10 1.8 19 17.8H1z'], marks: ['M10 7.4v5M10 15.2v.1'] },
  info: {
    fills: ['M10 1.4a8.6 8.6 0 1 1 0 17.2 8.6 8.6 0 0 1 0-17.2z'],
    marks: ['M10 9.2v5.4M10 5.8v.1'],
  },
  fires: { lines: ['M3 4.5h14v9H9l-4 3.2v-3.2H3z'] },
  silent: { lines: [ring, 'M6 10h8'] },
  unknown: {
    dashes: [ring],
    lines: ['M7.8 8.1c.2-1.4 1.2-2.1 2.3-2.1 1.3 0 2.3.9 2.3 2 0 1.8-2.3 1.8-2.3 3.6M10 14v.1'],
  },
  failed: { lines: ['m5 5 10 10M15 5 5 15'] },
  close: { lines: ['m5 5 10 10M15 5 5 15'] },
  done: { lines: ['m3.5 10.5 4.2 4.2 9-9.4'] },
  back: { lines: ['M16.5 10h-13M9 4.5 3.5 10 9 15.5'] },
  forward: { lines: ['M3.5 10h13M11 4.5l5.5 5.5-5.5 5.5'] },
  open: { lines: ['M8 4H4v12h12v-4M11 3.5h5.5V9M16.2 3.8 9 11'] },
  again: { lines: ['M16.5 10a6.5 6.5 0 1 1-2-4.7M16.8 2.6v3.6h-3.6'] },
  prescribe: { lines: ['M6 3h8v14H6zM8.5 7h3M8.5 10h3M8.5 13h3'] },
  sign: { lines: ['M3 16.5h14M4 12.6 13 3.6l2.6 2.6-9 9H4z'] },
  chart: { lines: ['M4 3h12v14H4zM7 7h6M7 10h6M7 13h4'] },
  problem: { lines: ['M3 10h3l2-5 3.5 10L14 10h3'] },
  calendar: { lines: ['M3 5h14v12H3zM3 9h14M7 2.8V6M13 2.8V6'] },
  leave: { lines: ['M12 4H4v12h8M8.5 10h8M13 6.5l3.5 3.5-3.5 3.5'] },
  code: { lines: ['M6.5 5.5 2.5 10l4 4.5M13.5 5.5l4 4.5-4 4.5M11.4 4 8.6 16'] },
} as const satisfies Readonly<Record<string, IconShape>>;

export type IconName = keyof typeof iconShapes;
