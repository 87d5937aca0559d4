import { useState } from 'react';
import { lesionsOf, type LesionView } from '../lesions.js';
import { isMeantFor } from '../knowledge.js';
import type { Loaded } from '../load.js';
import { useShared } from './context.js';
import { Legend, LesionPicture } from './lesion-picture.js';
import { fragmentOf } from './route.js';
import { ScoreCard } from './score-card.js';
import { subjectText } from './wording.js';
import { textIn } from '../../text.js';

function lesionSubject({ reference, label }: LesionView) {
  return { kind: 'lesion' as const, reference, ...(label !== undefined && { site: label }) };
}

function Lesion({ lesion }: { readonly lesion: LesionView }) {
  const { say, knowledge, language } = useShared();
  const named = lesion.places.exact
    .map((id) => textIn(knowledge.sites.find((site) => site.id === id)?.display, language) ?? id)
    .join(', ');
  const subject = lesionSubject(lesion);
  const heading =
    lesion.label === undefined && named !== '' ? named : subjectText(subject, knowledge, language, say);
  return (
    <section className="lesion">
      <h3>{heading}</h3>
      {lesion.results.length === 0 && <p>{say('picture.lesionNoScore')}</p>}
      <ul className="cards">
        {lesion.results.map((result) => {
          const score = knowledge.scores.find(({ id }) => id === result.score);
          return score && <ScoreCard key={score.id} score={score} subject={subject} result={result} />;
        })}
      </ul>
    </section>
  );
}

/** What stands at a chosen place, and which scores can be begun there. */
function ChosenSite({ site, lesions }: { readonly site: string; readonly lesions: readonly LesionView[] }) {
  const { say, knowledge, language } = useShared();
  const known = knowledge.sites.find(({ id }) => id === site);
  if (known === undefined) return null;
  const here = lesions.filter(({ places }) => [...places.exact, ...places.possible].includes(site));
  const scores = knowledge.scores.filter((score) => isMeantFor(score, known, knowledge.sites));
  const links = here.flatMap((lesion) =>
    lesion.results.map((result) => ({ score: result.score, subject: lesionSubject(lesion) })),
  );
  const fresh = here.some(({ results }) => results.length > 0) || known.codes.length === 0 ? [] : scores;
  return (
    <div className="chosen" role="status">
      <p>
        <strong>{say('overview.selected', { site: textIn(known.display, language) })}</strong>
      </p>
      {here.length === 0 && <p>{say('overview.noLesionHere')}</p>}
      {scores.length === 0 && <p>{say('overview.noScoreHere')}</p>}
      {scores.length > 0 && known.codes.length === 0 && links.length === 0 && <p>{say('overview.noCode')}</p>}
      <ul>
        {links.map(({ score, subject }) => (
          <li key={`${score} ${subject.reference}`}>
            <a href={fragmentOf({ screen: 'score', score, subject })}>
              {say('score.openOf', {
                score: textIn(knowledge.scores.find(({ id }) => id === score)?.title, language) ?? score,
                subject: subjectText(subject, knowledge, language, say),
              })}
            </a>
          </li>
        ))}
        {fresh.map((score) => (
          <li key={score.id}>
            <a href={fragmentOf({ screen: 'score', score: score.id, subject: { kind: 'site', site } })}>
              {say('overview.start', {
                site: textIn(known.display, language),
                score: textIn(score.title, language),
              })}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** All lesions on the picture, all scores in words. */
export function Overview({ loaded }: { readonly loaded: Loaded }) {
  const { say, knowledge } = useShared();
  const [selected, setSelected] = useState<string>();
  const lesions = lesionsOf(loaded.scores.results, loaded.chart, knowledge.sites);
  const perPatient = knowledge.scores.filter(({ per }) => per === 'patient');
  return (
    <>
      <h1 tabIndex={-1}>{say('overview.title')}</h1>
      <div className="columns">
        <section aria-labelledby="picture-heading" className="panel picture-section">
          <h2 id="picture-heading">{say('overview.picture')}</h2>
          <p className="hint">{say('overview.pictureHelp')}</p>
          <LesionPicture lesions={lesions} choice={{ selected, onSelect: setSelected }} />
          <Legend />
        </section>
        <section aria-labelledby="scores-heading" className="panel scores-section">
          <h2 id="scores-heading">{say('overview.scores')}</h2>
          {selected === undefined ? (
            <p className="hint">{say('overview.chooseHint')}</p>
          ) : (
            <ChosenSite site={selected} lesions={lesions} />
          )}
          {lesions.length === 0 && <p>{say('overview.noLesions')}</p>}
          {lesions.map((lesion) => (
            <Lesion key={lesion.reference} lesion={lesion} />
          ))}
          <section className="lesion">
            <h3>{say('overview.perPatient')}</h3>
            <ul className="cards">
              {perPatient.map((score) => {
                const result = loaded.scores.results.find((candidate) => candidate.score === score.id);
                return (
                  <ScoreCard
                    key={score.id}
                    score={score}
                    subject={{ kind: 'patient' }}
                    {...(result !== undefined && { result })}
                  />
                );
              })}
            </ul>
          </section>
        </section>
      </div>
    </>
  );
}
