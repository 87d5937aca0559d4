import { around, closed, pointsIn, symmetric, type Point } from './outline.js';
import { ribOutlines } from './ribs.js';

/**
 * A skeleton seen from the front. Points are given for one half of the body, as distance from its middle; the other
 * half is its mirror image.
 */

export const figureWidth = 320;
export const figureHeight = 804;

/** How deep a bone lies: what is drawn first is covered by what comes later. */
type Depth = 'back' | 'front';

export interface Bone {
  /** The body site; none for what is drawn only so that the figure is complete. */
  readonly place?: string;
  /** On both sides of the body; a bone in the middle is drawn once. */
  readonly paired: boolean;
  readonly outlines: readonly string[];
  readonly depth: Depth;
  /** Where a line to the bone's words begins, on the half that is given. */
  readonly anchor: Point;
}

function paired(
  place: string | undefined,
  anchor: Point,
  outlines: readonly string[],
  depth: Depth = 'front',
): Bone {
  return { ...(place !== undefined && { place }), paired: true, anchor, outlines, depth };
}

function midline(
  place: string | undefined,
  anchor: Point,
  outlines: readonly string[],
  depth: Depth = 'front',
): Bone {
  return { ...(place !== undefined && { place }), paired: false, anchor, outlines, depth };
}

/** The bones of one ray of hand or foot, between the joints that are given. */
function ray(joints: string): readonly string[] {
  const points = pointsIn(joints);
  return points.slice(1).map(([x, y], index) => {
    const [fromX, fromY] = points[index] ?? [x, y];
    const gap = 0.06;
    const girth = index === 0 ? 5 : 4.4 - index * 0.4;
    return around([
      [fromX + (x - fromX) * gap, fromY + (y - fromY) * gap, girth + 1],
      [(fromX + x) / 2, (fromY + y) / 2, girth - 1],
      [x - (x - fromX) * gap, y - (y - fromY) * gap, girth + 0.6],
    ]);
  });
}

const hand: readonly string[] = [
  closed('112,417 120,414 129,417 132,424 128,432 120,434 113,431 110,424'),
  ...ray('112,433 109,457 107,474 106,485'),
  ...ray('117,435 116,461 116,482 116,495'),
  ...ray('122,435 124,462 126,485 127,499'),
  ...ray('127,433 132,459 136,479 138,492'),
  ...ray('131,426 142,441 149,455 153,465'),
];

const foot: readonly string[] = [
  closed('32,757 42,752 54,757 60,768 56,778 44,780 33,777 28,766'),
  ...ray('34,778 31,788 30,798'),
  ...ray('41,780 41,790 41,799'),
  ...ray('47,780 49,789 50,797'),
  ...ray('52,779 56,787 58,795'),
  ...ray('57,776 62,783 65,790'),
];

/** Round the whole body, so that the bones have their place. */
export const skin = symmetric(
  '0,1 24,4 43,20 49,50 45,82 34,112 30,134 46,145 78,150 100,160 112,182 115,220 121,290 133,360 140,408 158,446 160,470 148,478 141,500 124,508 104,500 98,470 101,425 100,372 92,310 86,262 80,232 78,280 74,312 78,340 88,380 92,420 88,490 74,545 76,590 80,640 74,690 66,745 72,785 58,803 30,803 20,782 22,745 16,690 20,640 16,588 18,548 12,480 6,420 0,414',
);

/** The hollows of the skull and the rows of teeth. */
export const hollows: readonly string[] = [
  closed('9,58 13,50 23,49 28,56 25,65 16,67 10,64'),
  closed('-9,58 -13,50 -23,49 -28,56 -25,65 -16,67 -10,64'),
  symmetric('0,68 4,74 6,81 3,84 0,82'),
];

/** What is seen through the pelvis. */
export const openings: readonly string[] = [
  closed('19,417 28,412 35,416 34,427 27,435 19,430'),
  closed('-19,417 -28,412 -35,416 -34,427 -27,435 -19,430'),
];

/** Edges within bones. */
export const lines: readonly string[] = [
  'M-19 97.5H19',
  ...[-13, -9, -4.5, 0, 4.5, 9, 13].map((x) => `M${x} 93V102`),
  'M-40 62Q-34 60 -33 52',
  'M40 62Q34 60 33 52',
  // The hollows of the ilium.
  'M30 346Q48 344 58 372',
  'M-30 346Q-48 344 -58 372',
];

/** Bones that are one to the eye are drawn with one outline, the places in them with a faint line. */
export interface Skeletal {
  readonly bones: readonly Bone[];
}

const one = (...bones: readonly Bone[]): Skeletal => ({ bones });

/** All bones, in the order in which they are drawn. */
export const skeleton: readonly Skeletal[] = [
  one(
    paired(
      'scapula',
      [44, 222],
      [
        closed('39,158 56,160 70,165 78,174 74,186 64,206 51,238 43,243 38,226 36,192'),
        around('50,164,4 72,158,6 90,153,9'),
      ],
      'back',
    ),
  ),
  one(paired('rib', [66, 240], ribOutlines.back, 'back')),
  one(midline('coccyx', [0, 408], [symmetric('0,399 5,400 4.5,407 2.5,414 0,418')], 'back')),
  one(
    paired(
      'ilium',
      [58, 352],
      [
        closed(
          '16,364 19,350 29,337 43,329 57,330 69,340 76,353 74,361 69,365 64,373 64,382 58,392 44,396 33,390 27,380 20,374',
        ),
      ],
    ),
    paired('ischium', [36, 430], [around('44,404,15 40,420,12 32,437,13 20,436,8 11,424,6')]),
    paired('pubis', [22, 408], [around('42,398,11 27,403,8 12,407,11 7,415,9 11,426,7')]),
  ),
  one(midline('pubic-symphysis', [0, 412], [symmetric('0,402 3.5,405 3.5,418 0,421')])),
  one(paired('acetabulum', [62, 384], [around('38,404,4 39,390,7 50,380.5,8 62,384,7 66,394,4')])),
  one(
    paired('femur-neck', [64, 402], [around('54,397,15 62,402,11.5 71,411,18')]),
    paired(
      'femur-trochanteric',
      [78, 420],
      [closed('67,406 71,398 77,396 82,401 82.5,413 79.5,428 77.5,440 62.5,440 58.5,433 58,427 62,418')],
    ),
    paired(
      'femur-head',
      [51, 396],
      [closed('51,384.5 59,388 62.5,396 59,404 51,407.5 43,404 39.5,396 43,388')],
    ),
    paired('femur-shaft', [64, 490], [around('70,438,15.6 68,465,12.5 62,510,12.5 56,540,15 53,552,21')]),
    paired(
      'femur-distal',
      [60, 566],
      [closed('43,549 53,546 63,551 68,561 67,573 59,580 50,576 46,576 38,580 30,574 30,562 37,555')],
    ),
  ),
  one(paired('fibula', [62, 670], [around('65,598,10 64,612,6 62,660,5.5 58,720,6 56,744,8 55,757,7')])),
  one(
    paired('tibia-shaft', [45, 660], [around('48,604,22 46.5,622,14.5 44,665,11.5 41,708,11 40.5,733,16')]),
    paired(
      'tibia-other',
      [48, 596],
      [
        closed('30,587 40,584 48,586 57,584 67,587 67,596 59,608 38,608 31,597'),
        closed('33,729 48,729 50,742 47,750 38,751 31,757 28,751 30,741'),
      ],
    ),
  ),
  one(paired('lower-limb-other', [47, 768], [closed('49,551 56,556 56,564 49,572 42,564 42,556'), ...foot])),
  one(paired(undefined, [0, 0], ribOutlines.cartilage)),
  one(paired('rib', [66, 240], ribOutlines.front)),
  one(
    midline(
      'sternum',
      [0, 205],
      [symmetric('0,168 9,165 15,169 14,178 8.5,188 8,194 10,210 10.5,228 8,242 4,250 2,262 0,265')],
    ),
  ),
  one(paired('ulna', [106, 360], [around('98,295,12 100,310,8.5 105,350,6.5 111,390,5.5 113,409,7')])),
  one(paired('radius', [118, 360], [around('108,303,9 110,314,6.5 116,350,7.5 121,390,8 123.5,411,12')])),
  one(
    paired(
      'humerus-shaft',
      [96, 235],
      [around('90,188,16 93.5,208,11.5 97,245,10.5 100,276,13 101.5,289,18')],
    ),
    paired(
      'humerus-proximal',
      [92, 176],
      [closed('77,167 85,161 94,162 101,169 101.5,179 97.5,192 83,192 80,185 75,177')],
    ),
    paired(
      'humerus-distal',
      [104, 292],
      [closed('96,283 106.5,283 109,290 114,295 113,301 106,304 99,302 91,302 89,296 94,290')],
    ),
  ),
  one(paired('clavicle', [46, 158], [around('10,168,9 22,163,7 40,161,6 60,156,6 76,151,7.5 86,150,8')])),
  one(paired('upper-limb-other', [120, 424], hand)),
  one(
    midline('skull', [0, 30], [symmetric('0,8 20,11 36,24 42,43 40,58 37,68 39,76 34,83 27,90 18,97 0,98')]),
  ),
  one(
    midline(
      'mandible',
      [22, 112],
      [
        closed(
          '32,79 36,80 35,96 27,112 12,121 -12,121 -27,112 -35,96 -36,80 -32,79 -29,92 -22,101 -12,103 12,103 22,101 29,92',
        ),
      ],
    ),
  ),
];
