import { ToneSign } from '../../ui/body/tone-sign.js';
import { dateText, shortDateText } from '../../ui/date-text.js';
import { outcomeOf, subtotalTexts } from '../form.js';
import { classText, shortTitle, type ScoreForm } from '../knowledge.js';
import { lesionsOf, subjectOf, toneOf } from '../lesions.js';
import type { Loaded } from '../load.js';
import type { ResultJson, ScoresJson } from '../results.js';
import type { Session } from '../smart-session.js';
import { useShared } from './context.js';
import { LesionPicture } from './lesion-picture.js';
import { Facts, Question, usePrintedMargins } from './sheet-parts.js';
import { Recommendations, useAdvice } from './recommendations.js';
import { RecordedTotal } from './score-card.js';
import { alternatives, classesText, itemsText, subjectText, totalText } from './wording.js';
import { textIn } from '../../text.js';

interface Row {
  readonly score: ScoreForm;
  readonly result: ResultJson;
}

function useRows(loaded: Loaded): readonly Row[] {
  const { knowledge } = useShared();
  return loaded.scores.results.flatMap((result) => {
    const score = knowledge.scores.find(({ id }) => id === result.score);
    return score === undefined ? [] : [{ score, result }];
  });
}

/** A score in one line: what it gives and from which items. */
function ScoreRow({ score, result }: Row) {
  const { say, language, spoken, knowledge, ageing } = useShared();
  const outcome = outcomeOf(score, result, {}, ageing);
  const classes = classesText(score, result, language, say);
  const parts = outcome.items.flatMap(({ item, answer, prefill, marks }) => {
    if (answer === undefined) return [];
    const newest = (prefill?.evidence ?? [])
      .flatMap(({ date }) => date ?? [])
      .sort()
      .at(-1);
    const words = [
      score.grade === true
        ? textIn(answer.display, language)
        : say('form.knownPoints', { answer: textIn(answer.display, language), points: answer.points }),
      ...(newest === undefined ? [] : [shortDateText(newest, spoken, ageing.today)]),
    ];
    const star = marks.includes('old') ? ' *' : '';
    return [`${say('list.line', { name: textIn(item.text, language), text: words.join(' · ') })}${star}`];
  });
  return (
    <tr>
      <th scope="row">
        {shortTitle(score, language)}
        <span className="hint"> {subjectText(subjectOf(result), knowledge, language, say)}</span>
      </th>
      <td>
        <p className={`sheet-total tone-${toneOf(score, result)}`}>
          <ToneSign tone={toneOf(score, result)} /> <strong>{totalText(score, result, say)}</strong>
          {classes !== undefined && <> · {classes}</>}
        </p>
        <p className="hint">{[...parts, ...subtotalTexts(score, outcome.items, language)].join('; ')}</p>
        <RecordedTotal result={result} />
      </td>
    </tr>
  );
}

function OpenQuestions({ rows }: { readonly rows: readonly Row[] }) {
  const { say, language, knowledge, ageing } = useShared();
  const open = rows.flatMap(({ score, result }) => {
    const { items } = outcomeOf(score, result, {}, ageing);
    const ids = items.filter(({ answer }) => answer === undefined).map(({ item }) => item.id);
    const subject = subjectText(subjectOf(result), knowledge, language, say);
    const name = say('score.of', { score: textIn(score.title, language), subject });
    return ids.length === 0 ? [] : [say('list.line', { name, text: itemsText(score, ids, language) })];
  });
  return (
    <section>
      <h2>{say('summary.open')}</h2>
      {open.length === 0 ? (
        <p>{say('summary.noOpen')}</p>
      ) : (
        <ul>
          {open.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Strategy({ scores }: { readonly scores: ScoresJson }) {
  const { say, language, knowledge } = useShared();
  const worded = (scoreId: string, code: string): string => {
    const score = knowledge.scores.find(({ id }) => id === scoreId);
    const known = score?.classes.some((one) => one.code === code) === true;
    if (score !== undefined && known) return classText(score, code, language);
    return textIn(knowledge.phrases[code], language) ?? code.replaceAll('-', ' ');
  };
  const bands = Object.entries(scores.strategy);
  const criteria = Object.entries(scores.functionalPrognosis);
  return (
    <>
      {bands.length > 0 && (
        <section>
          <h2>{say('summary.strategy')}</h2>
          <ul>
            {bands.map(([score, codes]) => (
              <li key={score}>
                {say('list.line', {
                  name: textIn(knowledge.scores.find(({ id }) => id === score)?.title, language) ?? score,
                  text: alternatives(
                    codes.map((code) => worded(score, code)),
                    language,
                  ),
                })}
              </li>
            ))}
          </ul>
          {scores.concordant !== undefined && (
            <p>{say(scores.concordant ? 'summary.concordant' : 'summary.discordant')}</p>
          )}
        </section>
      )}
      {criteria.length > 0 && (
        <section>
          <h2>{say('summary.prognosis')}</h2>
          <ul>
            {criteria.map(([code, met]) => (
              <li key={code}>
                {say('list.line', {
                  name: textIn(knowledge.phrases[code], language) ?? code.replaceAll('-', ' '),
                  text: say(met ? 'summary.met' : 'summary.notMet'),
                })}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Warnings({ rows }: { readonly rows: readonly Row[] }) {
  const { say, language, ageing } = useShared();
  const warnings = rows.flatMap(({ score }) => textIn(score.warning, language) ?? []);
  const flags = rows.flatMap(({ score, result }) =>
    score.flags.filter(({ id }) => result.flags.includes(id)).map(({ text }) => textIn(text, language)),
  );
  const old = rows.some(({ score, result }) =>
    outcomeOf(score, result, {}, ageing).items.some(({ marks }) => marks.includes('old')),
  );
  const texts = [
    ...warnings,
    ...flags,
    ...(old ? [`* ${say('form.mark.old', { months: ageing.oldEvidenceMonths ?? '' })}`] : []),
  ];
  // Two scores may share a warning, to which one of them adds a sentence.
  const said = [...new Set(texts)].filter(
    (text, _index, all) => !all.some((other) => other !== text && other.startsWith(text)),
  );
  return (
    <section className="sheet-small">
      <h2>{say('summary.warning')}</h2>
      <ul>
        {said.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </section>
  );
}

/** One page for the tumour board, to read or to print. */
export function Summary({ loaded, session }: { readonly loaded: Loaded; readonly session: Session }) {
  const { say, spoken, knowledge, ageing } = useShared();
  const rows = useRows(loaded);
  const advice = useAdvice(session, loaded);
  usePrintedMargins(loaded.chart.patient);
  const lesions = lesionsOf(loaded.scores.results, loaded.chart, knowledge.sites);
  return (
    <div className="summary">
      <div className="form-head">
        <h1 tabIndex={-1}>{say('summary.title')}</h1>
        <p className="hint">
          {say('summary.made', { date: dateText(ageing.today, spoken), version: knowledge.version })}
        </p>
        <button
          type="button"
          className="primary no-print"
          disabled={advice === undefined}
          onClick={() => {
            window.print();
          }}
        >
          {say('summary.print')}
        </button>
      </div>
      <Question session={session} />
      <Facts loaded={loaded} />
      <div className="sheet-columns">
        <div>
          <section className="sheet-picture" aria-labelledby="sheet-lesions">
            <h2 id="sheet-lesions">{say('overview.picture')}</h2>
            <LesionPicture lesions={lesions} />
          </section>
          <Strategy scores={loaded.scores} />
        </div>
        <div>
          <Recommendations advice={advice} />
          <section>
            <h2>{say('summary.scores')}</h2>
            {rows.length === 0 && <p>{say('summary.none')}</p>}
            {rows.length > 0 && (
              <table>
                <thead className="unseen">
                  <tr>
                    <th scope="col">{say('summary.score')}</th>
                    <th scope="col">{say('summary.result')}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <ScoreRow key={`${row.score.id} ${row.result.lesion?.reference ?? ''}`} {...row} />
                  ))}
                </tbody>
              </table>
            )}
          </section>
          {rows.length > 0 && <OpenQuestions rows={rows} />}
        </div>
      </div>
      {rows.length > 0 && <Warnings rows={rows} />}
    </div>
  );
}
