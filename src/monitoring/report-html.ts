import { wordsIn, type Spoken } from '../knowledge/catalogues.js';
import type { Language } from '../knowledge/types.js';
import { html, nothing, table, type Figure, type Markup } from '../report/html.js';
import { fact, figure, numbersIn, pageOf } from '../report/page.js';
import { isEmpty, type Findings } from './findings.js';
import { byClientSection, byServiceSection, byWeekSection } from './report-overview.js';
import { nameOf, percent, type Page } from './report-page.js';
import { byRuleSection, outcomesSection, reasonsSection, rulesByWeekSection } from './report-rules.js';
import { weeksNeeded, type Drift } from './drift.js';
import { ignored, shown } from './tally.js';

const sections = [
  driftSection,
  byWeekSection,
  byClientSection,
  byServiceSection,
  byRuleSection,
  reasonsSection,
  rulesByWeekSection,
  outcomesSection,
  howSection,
];

/** `report.html`. */
export function reportHtml(findings: Findings, language: Language, spoken: Spoken): string {
  return pageOf(
    language,
    spoken.languages,
    (each) => wordsIn(spoken, 'report', each)('title'),
    ({ code, locale }) => {
      const say = wordsIn(spoken, 'report', code);
      const page: Page = { findings, language: code, say, number: numbersIn(locale) };
      return [summarySection(page), ...(isEmpty(findings) ? [] : sections.map((section) => section(page)))];
    },
  );
}

const day = (at: Date): string => at.toISOString().slice(0, 10);

/** A moment as short as it can be said. */
const moment = (at: Date): string => {
  const text = at.toISOString();
  return text.endsWith('T00:00:00.000Z') ? day(at) : `${day(at)} ${text.slice(11, 16)}`;
};

function summarySection(page: Page): Markup {
  const { findings, say, number } = page;
  const { from, to, client, tally } = findings;
  const { all } = tally;
  const of = shown(all);
  const judged = (count: number): string =>
    of === 0 ? '' : say('ofShown', { share: percent(page, count / of) });
  return html`<h1>${say('title')}</h1>
    <p>${say('lead')}</p>
    ${alerts(page).map((text) => html`<p class="alert">${text}</p>`)}
    <dl class="facts">
      ${[
        fact(say('period'), moment(from), say('until', { to: moment(to) })),
        ...(client === undefined ? [] : [fact(say('client'), client)]),
        fact(
          say('calls'),
          number(tally.calls),
          tally.refused === 0 ? '' : say('refused', { count: tally.refused }),
        ),
        fact(say('shown'), number(of), say('ofWhichAgain', { count: all.again })),
        fact(say('accepted'), number(all.accepted), judged(all.accepted)),
        fact(say('declined'), number(all.declined), judged(all.declined)),
        fact(say('ignored'), number(ignored(all)), judged(ignored(all))),
        ...(all.shadow === 0 ? [] : [fact(say('shadow'), number(all.shadow), say('shadowMore'))]),
      ]}
    </dl>`;
}

/** What a reader must know before any figure. */
function alerts({ findings, say, number }: Page): readonly string[] {
  const { from, tally, kept } = findings;
  const { all, lost } = tally;
  const holds =
    kept === undefined
      ? say('keptNone')
      : say('keptFrom', { from: moment(kept.first), to: moment(kept.last) });
  return [
    ...(isEmpty(findings) ? [`${say('nothing')} ${holds}`] : []),
    ...(!isEmpty(findings) && kept !== undefined && day(kept.first) > day(from)
      ? [say('keptLater', { at: moment(kept.first) })]
      : []),
    ...(all.shadow > 0 && shown(all) === 0 ? [say('onlyShadow')] : []),
    ...(lost > 0 ? [say('lost', { count: number(lost) })] : []),
  ];
}

function driftSection(page: Page): Markup {
  const { findings, say } = page;
  const { drift, weeks } = findings;
  const tooShort = weeks.filter(({ whole }) => whole).length < weeksNeeded;
  const rows = drift.map((each) => [nameOf(page, 'rules', each.rule), ...described(page, each)]);
  return html`<section>
    <h2>${say('drift')}</h2>
    <p class="note">${say(tooShort ? 'driftTooShort' : 'driftNote')}</p>
    ${
      rows.length > 0
        ? table(say('drift'), [say('rule'), say('what'), say('now'), say('before')], rows)
        : tooShort
          ? nothing
          : html`<p>${say('driftNone')}</p>`
    }
  </section>`;
}

/** What, now, before. */
function described(page: Page, drift: Drift): readonly (string | Figure)[] {
  const { say, number } = page;
  const answers = (share: number): Figure => figure(say('ofAnswers', { share: percent(page, share) }));
  switch (drift.kind) {
    case 'fell-silent':
      return [say(drift.kind), figure(number(0)), figure(say('perWeek', { count: number(drift.before) }))];
    case 'declined':
      return [say('declined-often'), figure(say('ofFeedback', { share: percent(page, drift.now) })), ''];
    case 'more-often':
    case 'less-often':
    case 'undecided':
      return [say(drift.kind), answers(drift.now), answers(drift.before)];
  }
}

function howSection({ findings, say, number }: Page): Markup {
  const { unmatchedFeedback } = findings;
  return html`<section>
    <h2>${say('how')}</h2>
    <ul>
      ${(['howAgain', 'howIgnored', 'howLast', 'howUnchecked', 'howWeeks'] as const).map(
        (key) => html`<li>${say(key)}</li>`,
      )}
      ${unmatchedFeedback === 0 ? nothing : html`<li>${say('unmatched', { count: number(unmatchedFeedback) })}</li>`}
    </ul>
  </section>`;
}
