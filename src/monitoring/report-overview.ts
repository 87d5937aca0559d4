import { html, nothing, table, type Markup } from '../report/html.js';
import { figure, folded } from '../report/page.js';
import { columns } from '../report/plots.js';
import { answerNames, answerParts, cardColumns, nameOf, shownColumns, type Page } from './report-page.js';
import { noCards, shown, type CardCounts } from './tally.js';

interface CallsAndCards {
  readonly calls: number;
  readonly cards: CardCounts;
}

const nothingYet: CallsAndCards = { calls: 0, cards: noCards() };

/** A table with a line for each name: calls, cards, what clinicians did. */
function callsTable(
  page: Page,
  caption: string,
  heading: string,
  rows: readonly (readonly [string, CallsAndCards])[],
): Markup {
  const { say, number } = page;
  const shownAs = cardColumns(page);
  return table(
    caption,
    [heading, say('calls'), ...shownAs.map(({ key }) => say(key)), say('per100')],
    rows.map(([name, { calls, cards }]) => [
      name,
      calls,
      ...shownAs.map(({ of }) => of(cards)),
      figure(
        number(calls === 0 ? undefined : Math.round((1000 * (shown(cards) + cards.shadow)) / calls) / 10),
      ),
    ]),
  );
}

/** The weeks of the period, also those in which nothing happened. */
export function byWeekSection(page: Page): Markup {
  const { findings, say } = page;
  const { tally, weeks } = findings;
  const rows = weeks.map(({ name, whole }) => ({
    name,
    heading: whole ? name : say('cut', { week: name }),
    week: tally.weeks.get(name) ?? nothingYet,
  }));
  const parts = shownColumns(page);
  const plotted = {
    description: say('plotAbout'),
    countLabel: say('cards'),
  };
  const isShown = shown(tally.all) > 0;
  return html`<section>
    <h2>${say('byWeek')}</h2>
    ${columns(
      rows.flatMap(({ name, week }) =>
        parts.map(({ key, of }) => ({ name, part: say(key), count: of(week.cards) })),
      ),
      { ...plotted, title: say('cardsByWeek'), parts: parts.map(({ key }) => say(key)) },
    )}
    ${
      isShown
        ? columns(
            rows.flatMap(({ name, week }) => answerParts(page, name, week.cards)),
            { ...plotted, title: say('answersByWeek'), parts: answerNames(page) },
          )
        : nothing
    }
    ${folded(
      say('byWeek'),
      callsTable(
        page,
        say('byWeek'),
        say('week'),
        rows.map(({ heading, week }) => [heading, week]),
      ),
    )}
  </section>`;
}

/** Left out where there is only one. */
export function byClientSection(page: Page): Markup {
  const { findings, say } = page;
  const rows = [...findings.tally.clients]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([client, counts]) => [client === '' ? say('noClient') : client, counts] as const);
  if (rows.length < 2) return nothing;
  return html`<section>
    <h2>${say('byClient')}</h2>
    ${callsTable(page, say('byClient'), say('client'), rows)}
  </section>`;
}

/** Services that were called. */
export function byServiceSection(page: Page): Markup {
  const { findings, say } = page;
  const rows = [...findings.tally.services]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([service, counts]) => [nameOf(page, 'services', service), counts] as const);
  return html`<section>
    <h2>${say('byService')}</h2>
    ${callsTable(page, say('byService'), say('service'), rows)}
  </section>`;
}
