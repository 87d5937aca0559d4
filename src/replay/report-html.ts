import { wordsIn, type Spoken } from '../knowledge/catalogues.js';
import type { Language } from '../knowledge/types.js';
import { both, ratesOf, whyQuiet, type Findings, type Quiet } from './findings.js';
import { html, nothing, table, type Figure, type Markup } from '../report/html.js';
import { brief, fact, figure, folded, numbersIn, pageOf } from '../report/page.js';
import { bars, columns } from '../report/plots.js';
import { limitsSection, unreadSection } from './report-data.js';
import { changesSection, samplesSection } from './report-cards.js';
import { inputTitle, titleOf, type Page } from './report-page.js';
import { textIn } from '../text.js';

const mostBars = 25;

const sections = [
  summarySection,
  burdenSection,
  changesSection,
  rulesSection,
  quietSection,
  readinessSection,
  unreadSection,
  samplesSection,
  limitsSection,
];

/** `report.html`. */
export function reportHtml(findings: Findings, language: Language, spoken: Spoken): string {
  return pageOf(
    language,
    spoken.languages,
    (each) => wordsIn(spoken, 'replay', each)('title'),
    ({ code, locale }) => {
      const say = wordsIn(spoken, 'replay', code);
      const page: Page = { findings, language: code, say, number: numbersIn(locale) };
      return sections.map((section) => section(page));
    },
  );
}

function summarySection({ findings, say, number }: Page): Markup {
  const { period, tally, grouped, played, failedBuckets } = findings;
  const counts = Object.values(tally.byService);
  const cards = counts.reduce((sum, count) => sum + both(count), 0);
  const again = counts.reduce((sum, count) => sum + count.again, 0);
  const events = Object.values(tally.events).reduce((sum, count) => sum + count, 0);
  return html`<h1>${say('title')}</h1>
    <p>${say('lead')}</p>
    ${failedBuckets.length === 0 ? nothing : html`<p class="alert">${say('incomplete')}</p>`}
    <dl class="facts">
      ${[
        fact(say('period'), say('range', { from: period.from, to: period.to })),
        fact(say('patients'), number(grouped.patients), say('withLesion', { count: tally.withLesion })),
        fact(say('resources'), number(grouped.resources)),
        fact(say('events'), number(events)),
        fact(say('cards'), number(cards), say('repeated', { count: again })),
        fact(say('knowledge'), say('edition', { edition: played.edition }), played.digest),
      ]}
    </dl>`;
}

function burdenSection(page: Page): Markup {
  const { findings, say, number, language } = page;
  const { tally, played, services } = findings;
  const rows = services
    .filter((service) => tally.events[service] !== undefined)
    .map((service) => {
      const rates = ratesOf(service, findings);
      const title = textIn(played.services.find(({ id }) => id === service)?.title, language) ?? service;
      return [
        title,
        ...[
          rates.events,
          rates.first,
          rates.again,
          rates.per100Events,
          rates.firstPer100Events,
          rates.perPatientMonth,
          rates.perClinicianDay,
        ].map((value) => figure(number(value))),
      ];
    });
  const headings = (
    ['service', 'events', 'first', 'again', 'per100', 'firstPer100', 'perMonth', 'perDay'] as const
  ).map(say);
  return html`<section>
    <h2>${say('burden')}</h2>
    ${table(say('burden'), headings, rows)}
    <p class="note">
      ${say('burdenNote')}
      ${
        tally.eventsWithoutClinician === 0
          ? ''
          : say('withoutClinician', { count: tally.eventsWithoutClinician })
      }
    </p>
    ${byMonth(page)} ${byIndicator(page)}
  </section>`;
}

function byMonth({ findings, say, number }: Page): Markup {
  const counted = (count: number): Figure => figure(number(count));
  const months = Object.entries(findings.tally.months).sort(([one], [other]) => (one < other ? -1 : 1));
  if (months.length === 0) return nothing;
  const rows = months.map(([month, services]) => {
    const counts = Object.values(services);
    const sum = (name: 'first' | 'again' | 'events'): number =>
      counts.reduce((total, each) => total + each[name], 0);
    return { month, first: sum('first'), again: sum('again'), events: sum('events') };
  });
  const data = rows.flatMap(({ month, first, again }) => [
    { name: month, part: say('first'), count: first },
    { name: month, part: say('again'), count: again },
  ]);
  return html`${columns(data, {
    title: say('byMonth'),
    description: say('plotAbout'),
    parts: [say('first'), say('again')],
    countLabel: say('cards'),
  })}
  ${folded(
    say('byMonth'),
    table(
      say('byMonth'),
      [say('month'), say('events'), say('first'), say('again')],
      rows.map(({ month, first, again, events }) => [month, ...[events, first, again].map(counted)]),
    ),
  )}`;
}

const indicators = ['critical', 'warning', 'info'] as const;

function byIndicator({ findings, say, number }: Page): Markup {
  const counted = (count: number): Figure => figure(number(count));
  const rows = indicators.map((indicator) => ({
    indicator,
    ...(findings.tally.byIndicator[indicator] ?? { first: 0, again: 0 }),
  }));
  if (rows.every((row) => both(row) === 0)) return nothing;
  const data = rows.flatMap(({ indicator, first, again }) => [
    { name: say(indicator), part: say('first'), count: first },
    { name: say(indicator), part: say('again'), count: again },
  ]);
  return html`${bars(data, {
    title: say('byIndicator'),
    description: say('plotAbout'),
    parts: [say('first'), say('again')],
    countLabel: say('cards'),
  })}
  ${folded(
    say('byIndicator'),
    table(
      say('byIndicator'),
      [say('indicator'), say('first'), say('again')],
      rows.map(({ indicator, first, again }) => [say(indicator), ...[first, again].map(counted)]),
    ),
  )}`;
}

function rulesSection({ findings, say, language, number }: Page): Markup {
  const { tally } = findings;
  const counted = (count: number): Figure => figure(number(count));
  const said = Object.entries(tally.byRule)
    .filter(([, count]) => both(count) > 0)
    .sort(([a, one], [b, other]) => both(other) - both(one) || (a < b ? -1 : 1))
    .slice(0, mostBars);
  const data = said.flatMap(([rule, { first, again }]) => {
    const name = brief(titleOf(rule, findings, language));
    return [
      { name, part: say('first'), count: first },
      { name, part: say('again'), count: again },
    ];
  });
  const rows = Object.entries(tally.rules)
    .filter(([, { fires, unknown, failed }]) => fires + unknown + failed > 0)
    .sort(
      ([a, one], [b, other]) => other.fires - one.fires || other.unknown - one.unknown || (a < b ? -1 : 1),
    )
    .map(([rule, { fires, unknown, silent, failed, missing }]) => {
      const names = Object.entries(missing)
        .sort(([, one], [, other]) => other - one)
        .slice(0, 3)
        .map(([name, count]) =>
          say('counted', { title: inputTitle(name, findings, language), count: number(count) }),
        );
      const counts = [fires, unknown, silent, failed].map(counted);
      return [titleOf(rule, findings, language), ...counts, names.join(', ')];
    });
  return html`<section>
    <h2>${say('rules')}</h2>
    ${
      data.length === 0
        ? nothing
        : bars(data, {
            title: say('byRule'),
            description: say('plotAbout'),
            parts: [say('first'), say('again')],
            countLabel: say('cards'),
          })
    }
    ${table(
      say('rules'),
      [say('rule'), say('fires'), say('unknown'), say('silent'), say('failed'), say('missing')],
      rows,
    )}
  </section>`;
}

function quietSection({ findings, say, language }: Page): Markup {
  const why = (quiet: Quiet): string => {
    const named = (inputs: readonly string[]): string =>
      inputs.map((name) => inputTitle(name, findings, language)).join(', ');
    switch (quiet.why) {
      case 'no-event':
        return say('no-event');
      case 'no-data':
        return say('no-data', { inputs: named(quiet.inputs) });
      case 'missing':
        return say('missingInputs', { inputs: named(quiet.inputs) });
      case 'silent':
        return say('neverTrue');
    }
  };
  const rows = findings.neverFired.map((rule) => [
    titleOf(rule, findings, language),
    why(whyQuiet(rule, findings)),
  ]);
  return html`<section>
    <h2>${say('neverFired')}</h2>
    ${folded(say('counted', { title: say('neverFired'), count: rows.length }), table(say('neverFired'), [say('rule'), say('why')], rows))}
  </section>`;
}

function readinessSection({ findings, say, language, number }: Page): Markup {
  const { tally, played, dormantInputs } = findings;
  const dormant = new Set(dormantInputs);
  const share = (name: string): number =>
    tally.withLesion === 0 ? 0 : (tally.inputs[name] ?? 0) / tally.withLesion;
  const rows = [...played.inputs]
    .sort((one, other) => share(other.name) - share(one.name) || (one.name < other.name ? -1 : 1))
    .map(({ name, title }) => [
      textIn(title, language),
      figure(say('percent', { share: number(Math.round(share(name) * 1000) / 10) })),
      dormant.has(name) ? say('none') : '',
    ]);
  return html`<section>
    <h2>${say('readiness')}</h2>
    <p class="note">${say('readinessNote')}</p>
    ${folded(
      say('counted', { title: say('readiness'), count: rows.length }),
      table(say('readiness'), [say('input'), say('share'), ''], rows),
    )}
  </section>`;
}
