import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Side } from '../../knowledge/types.js';
import { column, columnHeight, columnWidth, wordsStart } from './column.js';
import { figureHeight, figureWidth, hollows, lines, openings, skeleton, skin } from './figure.js';
import { spineInFront } from './spine-in-front.js';
import { ToneSign } from './tone-sign.js';
import {
  figureCaptions,
  lookAt,
  placeOrder,
  spineCaptions,
  type Caption,
  type Look,
  type Mark,
} from './marks.js';
import './body-picture.css';

/*
 * The picture of the body, in this folder: spine and skeleton, with their lesions. Beside the lesion model (src/chart/lesions.ts) it is
 * the one part of the program that knows of which disease the guideline speaks; lesions of other organs need another picture.
 */

/** Words of the picture in the reader's language. */
export interface PictureWords {
  readonly label: string;
  readonly right: string;
  readonly left: string;
  readonly front: string;
  readonly back: string;
  /** All that is known of a place, beginning with its name. */
  readonly ofPlace: (place: string) => string;
}

interface Props {
  readonly marks: readonly Mark[];
  readonly words: PictureWords;
  /** Absent for a picture that is only looked at: it is then one image with one text. */
  readonly choice?: {
    readonly selected: string | undefined;
    readonly onSelect: (place: string) => void;
  };
}

const captionRoom = 26;
const captionRoomOfFigure = 46;
const sides: readonly Side[] = ['left', 'right'];

const lookClass = ({ tone, possible }: Look): string =>
  tone === undefined ? '' : `tone-${tone}${possible ? ' possible' : ''}`;

function paths(outlines: readonly string[]): ReactNode {
  return outlines.map((d) => <path key={d} d={d} />);
}

/** What is chosen by pointer or keyboard; one tab stop for all (the pattern of a toolbar). */
function usePlaces({ marks, words, choice }: Props) {
  const [current, setCurrent] = useState(
    () => placeOrder.find((place) => lookAt(marks, place).tone !== undefined) ?? placeOrder[0] ?? '',
  );
  const frame = useRef<HTMLDivElement>(null);
  const focusOn = (place: string | undefined): void => {
    if (place === undefined) return;
    setCurrent(place);
    frame.current?.querySelector<SVGGElement>(`[data-site="${place}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, place: string): void => {
    const at = placeOrder.indexOf(place);
    const targets: Readonly<Record<string, string | undefined>> = {
      ArrowDown: placeOrder[at + 1],
      ArrowRight: placeOrder[at + 1],
      ArrowUp: placeOrder[at - 1],
      ArrowLeft: placeOrder[at - 1],
      Home: placeOrder[0],
      End: placeOrder.at(-1),
    };
    if (event.key === 'Enter' || event.key === ' ') choice?.onSelect(place);
    else if (event.key in targets) focusOn(targets[event.key]);
    else return;
    event.preventDefault();
  };
  const place = (id: string, drawing: ReactNode): ReactNode =>
    choice === undefined ? (
      <g key={id} data-site={id} className="site">
        {drawing}
      </g>
    ) : (
      <g
        key={id}
        data-site={id}
        className="site"
        role="button"
        aria-label={words.ofPlace(id)}
        aria-pressed={choice.selected === id}
        tabIndex={current === id ? 0 : -1}
        onClick={() => {
          setCurrent(id);
          choice.onSelect(id);
        }}
        onKeyDown={(event) => {
          onKeyDown(event, id);
        }}
      >
        {drawing}
      </g>
    );
  return { frame, place };
}

type Placed = (id: string, drawing: ReactNode) => ReactNode;

function Column({ marks, place }: { readonly marks: readonly Mark[]; readonly place: Placed }) {
  return (
    <>
      <g aria-hidden="true">
        {column.map(({ id, disc }) => disc !== undefined && <path key={id} className="disc" d={disc} />)}
      </g>
      {column.map(({ id, top, height, centre, body, arch }) => {
        const look = lookAt(marks, id);
        return place(
          id,
          <>
            <rect className="hit" x={0} y={top} width={wordsStart - 2} height={height} />
            <g className={lookClass(look)}>
              {arch !== undefined && <path className="arch" d={arch} />}
              <path className="bone" d={body} />
            </g>
            <text
              className={look.tone === undefined ? 'level' : 'level level-lesion'}
              x={1}
              y={centre[1] + 4}
              aria-hidden="true"
            >
              {id}
            </text>
          </>,
        );
      })}
    </>
  );
}

/** The bones of one drawing step: their common outline, then each with its places. */
function Bones({
  marks,
  place,
  depth,
}: {
  readonly marks: readonly Mark[];
  readonly place: Placed;
  readonly depth: 'back' | 'front';
}) {
  return skeleton
    .filter(({ bones }) => bones.every((bone) => bone.depth === depth))
    .map(({ bones }, index) => (
      <g key={index} className={`depth-${depth}`}>
        <g className="edge" aria-hidden="true">
          {bones.map((bone, at) => (
            <g key={at}>
              {paths(bone.outlines)}
              {bone.paired && <g transform="scale(-1 1)">{paths(bone.outlines)}</g>}
            </g>
          ))}
        </g>
        {bones.map((bone, at) => {
          if (bone.place === undefined) {
            return (
              <g key={at} className="cartilage" aria-hidden="true">
                {paths(bone.outlines)}
                <g transform="scale(-1 1)">{paths(bone.outlines)}</g>
              </g>
            );
          }
          const { place: id } = bone;
          const drawing = bone.paired ? (
            sides.map((side) => (
              <g
                key={side}
                data-side={side}
                className={`bone ${lookClass(lookAt(marks, id, side))}`}
                {...(side === 'right' && { transform: 'scale(-1 1)' })}
              >
                {paths(bone.outlines)}
              </g>
            ))
          ) : (
            <g className={`bone ${lookClass(lookAt(marks, id))}`}>{paths(bone.outlines)}</g>
          );
          // Ribs are drawn behind and before the breastbone, and can be chosen once.
          return depth === 'back' && id === 'rib' ? <g key={at}>{drawing}</g> : place(id, drawing);
        })}
      </g>
    ));
}

interface CaptionProps {
  readonly captions: readonly Caption[];
  readonly height: number;
  readonly at: 'column' | 'right' | 'left';
}

/** Beside the drawing and not in it, so that the words keep their size when the drawing is small. */
function Captions({ captions, height, at }: CaptionProps) {
  return captions.map(({ mark, y }) => (
    <span
      key={mark.id}
      className={`caption caption-${at} tone-${mark.tone}${mark.certain ? '' : ' possible'}`}
      style={{ top: `${(y / height) * 100}%` }}
      aria-hidden="true"
    >
      <ToneSign tone={mark.tone} />
      {at !== 'column' && mark.score !== '' && <span>{mark.score}</span>}
      <span>{mark.total}</span>
    </span>
  ));
}

function Leaders({ captions, edge }: { readonly captions: readonly Caption[]; readonly edge: number }) {
  return (
    <g className="leaders" aria-hidden="true">
      {captions.map(({ mark, from: [x, fromY], y, span }) => (
        <path
          key={mark.id}
          d={`M${x} ${fromY}L${edge} ${y}${span === undefined ? '' : `M${x - 4} ${span[0]}H${x}V${span[1]}H${x - 4}`}`}
        />
      ))}
    </g>
  );
}

/** The spine from the side and the skeleton from the front, with the lesions, their scores and how grave they are. */
export function BodyPicture(props: Props) {
  const { marks, words, choice } = props;
  const { frame, place } = usePlaces(props);
  const inSpine = spineCaptions(marks, captionRoom, columnHeight - 12);
  const { atLeft, atRight } = figureCaptions(marks, captionRoomOfFigure, figureHeight - 12);
  const half = figureWidth / 2;
  // One image has one text: its parts are none of their own.
  const hidden = choice === undefined ? { 'aria-hidden': true } : {};
  return (
    <div
      ref={frame}
      className="body-picture"
      role={choice === undefined ? 'img' : 'toolbar'}
      aria-label={words.label}
      {...(choice !== undefined && { 'aria-orientation': 'vertical' })}
    >
      <div className="body-part body-column">
        <div className="drawing">
          <svg viewBox={`0 0 ${columnWidth} ${columnHeight}`} {...hidden}>
            <Column marks={marks} place={place} />
            <Leaders captions={inSpine} edge={wordsStart} />
          </svg>
          <Captions captions={inSpine} height={columnHeight} at="column" />
        </div>
        <span className="aspect aspect-start" aria-hidden="true">
          {words.front}
        </span>
        <span className="aspect aspect-end" aria-hidden="true">
          {words.back}
        </span>
        <span className="aspect aspect-captions" aria-hidden="true">
          {[...new Set(inSpine.map(({ mark }) => mark.score))].filter(Boolean).join(' · ')}
        </span>
      </div>
      <div className="body-part body-figure">
        <div className="drawing">
          <svg viewBox={`${-half} 0 ${figureWidth} ${figureHeight}`} {...hidden}>
            <path className="skin" d={skin} aria-hidden="true" />
            <Bones marks={marks} place={place} depth="back" />
            <g aria-hidden="true">
              {spineInFront.map(({ id, outline }) => (
                <path key={id} className={`bone vertebra ${lookClass(lookAt(marks, id))}`} d={outline} />
              ))}
            </g>
            <Bones marks={marks} place={place} depth="front" />
            <g aria-hidden="true" className="details">
              {openings.map((d) => (
                <path key={d} className="skin opening" d={d} />
              ))}
              {hollows.map((d) => (
                <path key={d} className="hollow" d={d} />
              ))}
              {lines.map((d) => (
                <path key={d} className="line" d={d} />
              ))}
            </g>
            <Leaders captions={atLeft} edge={-half + 30} />
            <Leaders captions={atRight} edge={half - 30} />
          </svg>
          <Captions captions={atLeft} height={figureHeight} at="left" />
          <Captions captions={atRight} height={figureHeight} at="right" />
        </div>
        <span className="aspect aspect-start" aria-hidden="true">
          {words.right}
        </span>
        <span className="aspect aspect-end" aria-hidden="true">
          {words.left}
        </span>
      </div>
    </div>
  );
}
