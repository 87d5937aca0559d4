import { html, nothing, table, type Markup } from '../report/html.js';
import { brief, figure, folded } from '../report/page.js';
import { bars } from '../report/plots.js';
import {
  answerNames,
  answerParts,
  cardColumns,
  nameOf,
  percent,
  type Column,
  type Page,
} from './report-page.js';
import { shown, type CardCounts } from './tally.js';

const mostBars = 25;

const made = (counts: CardCounts): number =>
  shown(counts) + counts.shadow + counts.folded + counts.shortened + counts.withheld;

/** Rules with cards, those with most of them first. */
const rulesWithCards = ({ findings }: Page) =>
  [...findings.tally.rules]
    .filter(([, { cards }]) => made(cards) > 0)
    .sort(
      ([one, { cards: a }], [other, { cards: b }]) =>
        shown(b) + b.shadow - shown(a) - a.shadow || made(b) - made(a) || (one < other ? -1 : 1),
    );

const otherColumns: readonly Column[] = [
  { key: 'unchecked', of: ({ unchecked }) => unchecked },
  { key: 'folded', of: ({ folded: count }) => count },
  { key: 'shortened', of: ({ shortened }) => shortened },
  { key: 'withheld', of: ({ withheld }) => withheld },
];

/** What was shown by each rule, and what clinicians did with it. */
export function byRuleSection(page: Page): Markup {
  const { say } = page;
  const rules = rulesWithCards(page);
  const plotted = rules.filter(([, { cards }]) => shown(cards) > 0).slice(0, mostBars);
  const tableOf = (caption: string, shownAs: readonly Column[]): Markup =>
    table(
      caption,
      [say('rule'), ...shownAs.map(({ key }) => say(key))],
      rules.map(([rule, { cards }]) => [nameOf(page, 'rules', rule), ...shownAs.map(({ of }) => of(cards))]),
    );
  return html`<section>
    <h2>${say('byRule')}</h2>
    ${
      plotted.length === 0
        ? nothing
        : bars(
            plotted.flatMap(([rule, { cards }]) =>
              answerParts(page, brief(nameOf(page, 'rules', rule)), cards),
            ),
            {
              title: say('answersByRule'),
              description: say('plotAbout'),
              parts: answerNames(page),
              countLabel: say('cards'),
            },
          )
    }
    ${tableOf(say('byRule'), cardColumns(page))}
    ${folded(say('notShown'), tableOf(say('notShown'), otherColumns))}
  </section>`;
}

/** Why cards were declined. */
export function reasonsSection(page: Page): Markup {
  const { findings, say } = page;
  const nameOfReason = (code: string): string =>
    code === '' ? say('noReason') : code === 'other' ? say('otherReason') : nameOf(page, 'reasons', code);
  const rows = [...findings.tally.rules]
    .flatMap(([rule, { cards }]) =>
      Object.entries(cards.reasons).map(([code, count]) => ({
        rule: nameOf(page, 'rules', rule),
        code,
        count,
      })),
    )
    .sort((one, other) => other.count - one.count || (one.rule < other.rule ? -1 : 1))
    .map(({ rule, code, count }) => [rule, nameOfReason(code), count]);
  if (rows.length === 0) return nothing;
  return html`<section>
    <h2>${say('reasons')}</h2>
    ${table(say('reasons'), [say('rule'), say('reason'), say('count')], rows)}
  </section>`;
}

/** Each rule by week, to be opened one by one. */
export function rulesByWeekSection(page: Page): Markup {
  const { findings, say } = page;
  const shownAs = cardColumns(page);
  const tables = rulesWithCards(page).map(([rule, { weeks }]) => {
    const name = nameOf(page, 'rules', rule);
    const rows = findings.weeks.flatMap((week) => {
      const counts = weeks.get(week.name);
      return counts === undefined
        ? []
        : [[week.name, ...shownAs.map(({ of }) => of(counts.cards)), counts.outcomes.unknown]];
    });
    return folded(
      name,
      table(name, [say('week'), ...shownAs.map(({ key }) => say(key)), say('unknown')], rows),
    );
  });
  if (tables.length === 0) return nothing;
  return html`<section>
    <h2>${say('ruleByWeek')}</h2>
    ${tables}
  </section>`;
}

/** How often each rule fired, was undecided, kept quiet or failed, as the audit has it. */
export function outcomesSection(page: Page): Markup {
  const { findings, say } = page;
  const rows = [...findings.tally.rules]
    .map(([rule, { outcomes }]) => ({
      rule,
      ...outcomes,
      answers: outcomes.fires + outcomes.unknown + outcomes.silent + outcomes.failed,
    }))
    .filter(({ answers }) => answers > 0)
    .sort(
      (one, other) =>
        other.fires - one.fires || other.unknown - one.unknown || (one.rule < other.rule ? -1 : 1),
    )
    .map(({ rule, fires, unknown, silent, failed, answers }) => [
      nameOf(page, 'rules', rule),
      fires,
      unknown,
      figure(percent(page, unknown / answers)),
      silent,
      failed,
    ]);
  if (rows.length === 0) return nothing;
  const headings = [
    say('rule'),
    say('fires'),
    say('unknown'),
    say('unknownShare'),
    say('silent'),
    say('failed'),
  ];
  return html`<section>
    <h2>${say('outcomes')}</h2>
    ${folded(say('counted', { title: say('outcomes'), count: rows.length }), table(say('outcomes'), headings, rows))}
  </section>`;
}
