import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Side } from '../../knowledge/types.js';
import type { LesionView, Tone } from '../lesions.js';
import { gravest, shortResult, toneOf } from '../lesions.js';
import {
  bones,
  columnCentre,
  labelPoint,
  pictureHeight,
  pictureWidth,
  rowHeight,
  sideOf,
  spine,
  type Shape,
} from '../skeleton.js';
import { useShared } from './context.js';
import { classesText, totalText } from './wording.js';

interface Spot {
  readonly tone: Tone;
  readonly possible: boolean;
  readonly short: string;
  readonly words: readonly string[];
  /** The sides of the body that are meant; empty: no lesion here says on which it is. */
  readonly sides: readonly Side[];
}

interface Props {
  readonly lesions: readonly LesionView[];
  readonly selected: string | undefined;
  readonly onSelect: (site: string) => void;
}

const order: readonly string[] = [...spine.map(({ id }) => id), ...bones.map(({ id }) => id)];

const isPaired: ReadonlySet<string> = new Set(
  bones.filter(({ shapes }) => shapes.some((shape) => sideOf(shape) !== undefined)).map(({ id }) => id),
);

function useSpots(lesions: readonly LesionView[]): (id: string) => Spot {
  const { knowledge, language, say } = useShared();
  return (id) => {
    const exact = lesions.filter(({ places }) => places.exact.includes(id));
    const maybe = lesions.filter(({ places }) => places.possible.includes(id));
    const described = exact.flatMap(({ results }) =>
      results.flatMap((result) => {
        const score = knowledge.scores.find((known) => known.id === result.score);
        if (score === undefined) return [];
        const words = [
          score.title[language],
          totalText(score, result, say),
          classesText(score, result, language, say),
        ];
        return [
          {
            tone: toneOf(score, result),
            short: shortResult(result),
            words: words.filter(Boolean).join(', '),
          },
        ];
      }),
    );
    const meant = [...exact, ...maybe].map(({ places }) => places.side);
    const unscored = exact.length > 0 && described.length === 0;
    return {
      sides: meant.includes(undefined) ? [] : meant.flatMap((side) => side ?? []),
      tone: unscored ? 'open' : gravest(described.map(({ tone }) => tone)),
      possible: exact.length === 0 && maybe.length > 0,
      short: unscored ? say('picture.lesion') : described.map(({ short }) => short).join(' / '),
      words: [
        ...described.map(({ words }) => words),
        ...(unscored ? [say('picture.lesionNoScore')] : []),
        ...(exact.length === 0 && maybe.length > 0 ? [say('picture.possible')] : []),
        ...(exact.length === 0 && maybe.length === 0 ? [say('picture.noLesion')] : []),
      ],
    };
  };
}

/** The colour of a shape: a lesion of the left bone leaves the right one as it is. */
function toneAt(shape: Shape, { tone, possible, sides }: Spot): string {
  const side = sideOf(shape);
  const isMeant = sides.length === 0 || side === undefined || sides.includes(side);
  return isMeant ? `tone-${tone}${possible ? ' possible' : ''}` : '';
}

function drawn(shape: Shape, index: number): ReactNode {
  if (shape.kind === 'ellipse') {
    return <ellipse key={index} cx={shape.x} cy={shape.y} rx={shape.rx} ry={shape.ry} />;
  }
  const width = shape.width ?? 10;
  return (
    <g key={index} className="limb" fill="none" strokeLinecap="round" strokeLinejoin="round">
      <path className="limb-edge" d={shape.d} strokeWidth={width + 3} />
      <path className="limb-fill" d={shape.d} strokeWidth={width} />
    </g>
  );
}

/** Spine and skeleton. One tab stop; arrow keys move, Enter or Space chooses (the pattern of a toolbar). */
export function BodyPicture({ lesions, selected, onSelect }: Props) {
  const { say, knowledge, language } = useShared();
  const spotOf = useSpots(lesions);
  const firstPlace = lesions.flatMap(({ places }) => places.exact)[0];
  const [current, setCurrent] = useState(firstPlace ?? 'C1');
  const picture = useRef<SVGSVGElement>(null);

  const focusOn = (id: string | undefined): void => {
    if (id === undefined) return;
    setCurrent(id);
    picture.current?.querySelector<SVGGElement>(`[data-site="${id}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, id: string): void => {
    const at = order.indexOf(id);
    const targets: Readonly<Record<string, string | undefined>> = {
      ArrowDown: order[at + 1],
      ArrowRight: order[at + 1],
      ArrowUp: order[at - 1],
      ArrowLeft: order[at - 1],
      Home: order[0],
      End: order.at(-1),
    };
    if (event.key === 'Enter' || event.key === ' ') onSelect(id);
    else if (event.key in targets) focusOn(targets[event.key]);
    else return;
    event.preventDefault();
  };
  const place = (id: string, children: (spot: Spot) => ReactNode): ReactNode => {
    const spot = spotOf(id);
    const name = knowledge.sites.find((site) => site.id === id)?.display[language] ?? id;
    // What is read aloud begins with what is seen (WCAG 2.5.3).
    const seen = spot.short === '' ? name : `${name} · ${spot.short}`;
    // A bone of both sides is coloured shape by shape.
    const isWhole = spot.sides.length === 0 || !isPaired.has(id);
    const classes = [
      'site',
      ...(isWhole ? [`tone-${spot.tone}`, ...(spot.possible ? ['possible'] : [])] : []),
    ];
    return (
      <g
        key={id}
        data-site={id}
        className={classes.join(' ')}
        role="button"
        aria-label={say('list.line', { name: seen, text: spot.words.join('; ') })}
        aria-pressed={selected === id}
        tabIndex={current === id ? 0 : -1}
        onClick={() => {
          setCurrent(id);
          onSelect(id);
        }}
        onKeyDown={(event) => {
          onKeyDown(event, id);
        }}
      >
        <title>{name}</title>
        {children(spot)}
      </g>
    );
  };

  return (
    <svg
      ref={picture}
      className="picture"
      viewBox={`0 0 ${pictureWidth} ${pictureHeight}`}
      role="toolbar"
      aria-label={say('picture.label')}
      aria-orientation="vertical"
    >
      {spine.map(({ id, y, width }) =>
        place(id, ({ short }) => (
          <>
            <rect className="hit" x={0} y={y} width={102} height={rowHeight} />
            <rect x={columnCentre - width / 2} y={y + 1.5} width={width} height={rowHeight - 3} rx={6} />
            <text className="level" x={columnCentre} y={y + 16} textAnchor="middle" aria-hidden="true">
              {short === '' ? id : `${id} · ${short}`}
            </text>
          </>
        )),
      )}
      {bones.map((bone) =>
        place(bone.id, (spot) => {
          const { short, sides } = spot;
          const own = bone.shapes.filter(
            (shape) => sides.length === 0 || sides.some((side) => sideOf(shape) === side),
          );
          const { x, y } = labelPoint(own.length === 0 ? bone : { ...bone, shapes: own });
          return (
            <>
              {bone.shapes.map((shape, index) => (
                <g key={index} className={toneAt(shape, spot)}>
                  {drawn(shape, index)}
                </g>
              ))}
              {short !== '' && (
                <text className="level halo" x={x} y={y + 4} textAnchor="middle" aria-hidden="true">
                  {short}
                </text>
              )}
            </>
          );
        }),
      )}
    </svg>
  );
}
