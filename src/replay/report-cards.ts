import MarkdownIt from 'markdown-it';
import { html, nothing, table, type Markup } from '../report/html.js';
import { folded } from '../report/page.js';
import { titleOf, type Page } from './report-page.js';
import { textIn } from '../text.js';

/** The Markdown of a card. What stands in a chart becomes no link, no image and no markup. */
const markdown = new MarkdownIt({ html: false, linkify: false }).disable(['link', 'autolink', 'image']);

/** What came, went or changed since an earlier output. */
export function changesSection({ findings: { changes }, say, language, findings }: Page): Markup {
  if (changes === undefined) return nothing;
  const rules = Object.entries(changes.rules).sort(([one], [other]) => (one < other ? -1 : 1));
  if (rules.length === 0)
    return html`<section>
      <h2>${say('changes')}</h2>
      <p>${say('unchanged')}</p>
    </section>`;
  const rows = rules.map(([rule, { came, went, changed }]) => [
    titleOf(rule, findings, language),
    came,
    went,
    changed,
  ]);
  const examples = changes.examples.map(
    ({ change, patient, service, at, rule }) =>
      html`<li>
        ${say('example', { change: say(change), title: titleOf(rule, findings, language), service, at, patient })}
      </li>`,
  );
  return html`<section>
    <h2>${say('changes')}</h2>
    ${table(say('changes'), [say('rule'), say('came'), say('went'), say('changed')], rows)}
    <p class="note">${say('changesNote')}</p>
    ${folded(
      say('examples'),
      html`<ul>
        ${examples}
      </ul>`,
    )}
  </section>`;
}

/** Some cards of each rule, to be read. */
export function samplesSection({ findings, say, language }: Page): Markup {
  const samples = [...findings.tally.samples].sort((one, other) =>
    one.rule < other.rule ? -1 : one.rule > other.rule ? 1 : one.rank - other.rank,
  );
  if (samples.length === 0) return nothing;
  const cards = samples.map(
    ({ rule, indicator, hook, month, summary, detail }) =>
      html`<article class="card ${indicator}">
        <p class="about">${titleOf(rule, findings, language)} · ${hook} · ${month}</p>
        <p><strong>${textIn(summary, language)}</strong></p>
        ${{ html: markdown.render(textIn(detail, language)) }}
      </article> `,
  );
  return html`<section>
    <h2>${say('samples')}</h2>
    <p class="note">${say('samplesNote')}</p>
    ${cards}
  </section>`;
}
