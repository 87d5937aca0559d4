import { BodyPicture } from '../../ui/body/body-picture.js';
import { ToneSign } from '../../ui/body/tone-sign.js';
import { shortTitle } from '../knowledge.js';
import type { LesionView } from '../lesions.js';
import { shortResult } from '../lesions.js';
import { marksOf } from '../marks.js';
import { useShared, type Shared } from './context.js';
import { classesText, totalText } from './wording.js';
import { textIn } from '../../text.js';

interface Props {
  readonly lesions: readonly LesionView[];
  readonly choice?: {
    readonly selected: string | undefined;
    readonly onSelect: (place: string) => void;
  };
}

/** What is read aloud of a place; it begins with what is seen (WCAG 2.5.3). */
function placeText(id: string, lesions: readonly LesionView[], { knowledge, language, say }: Shared): string {
  const name = textIn(knowledge.sites.find((site) => site.id === id)?.display, language) ?? id;
  const exact = lesions.filter(({ places }) => places.exact.includes(id));
  const maybe = lesions.filter(({ places }) => places.possible.includes(id));
  const results = exact.flatMap((lesion) => lesion.results);
  const described = results.flatMap((result) => {
    const score = knowledge.scores.find((known) => known.id === result.score);
    if (score === undefined) return [];
    const words = [
      shortTitle(score, language),
      totalText(score, result, say),
      classesText(score, result, language, say),
    ];
    return [words.filter(Boolean).join(', ')];
  });
  const unscored = exact.length > 0 && described.length === 0;
  const words = [
    ...described,
    ...(unscored ? [say('picture.lesionNoScore')] : []),
    ...(exact.length === 0 && maybe.length > 0 ? [say('picture.possible')] : []),
    ...(exact.length === 0 && maybe.length === 0 ? [say('picture.noLesion')] : []),
  ];
  const seen = [name, ...results.map(shortResult)].join(' · ');
  return say('list.line', { name: seen, text: words.join('; ') });
}

/** The lesions of the chart on spine and skeleton. */
export function LesionPicture({ lesions, choice }: Props) {
  const shared = useShared();
  const { say, knowledge, language } = shared;
  const marks = marksOf(lesions, knowledge, language, say('picture.lesion'));
  const places = [...new Set(marks.flatMap((mark) => mark.places))];
  const told = places.map((id) => placeText(id, lesions, shared)).join('; ');
  return (
    <BodyPicture
      marks={marks}
      words={{
        label:
          choice === undefined
            ? say('list.line', { name: say('picture.label'), text: told })
            : say('picture.label'),
        right: say('picture.right'),
        left: say('picture.left'),
        front: say('picture.front'),
        back: say('picture.back'),
        ofPlace: (id) => placeText(id, lesions, shared),
      }}
      {...(choice !== undefined && { choice })}
    />
  );
}

/** What shapes and colours mean. */
export function Legend() {
  const { say } = useShared();
  return (
    <ul className="legend" aria-label={say('legend.title')}>
      {(['low', 'middle', 'high', 'open'] as const).map((tone) => (
        <li key={tone} className={`legend-key tone-${tone}`}>
          <span className="swatch">
            <ToneSign tone={tone} />
          </span>
          {say(`legend.${tone}`)}
        </li>
      ))}
      <li className="legend-key tone-open possible">
        <span className="swatch" />
        {say('legend.possible')}
      </li>
    </ul>
  );
}
