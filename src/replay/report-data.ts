import { html, nothing, table, type Markup } from '../report/html.js';
import { figure } from '../report/page.js';
import type { Page } from './report-page.js';

type CountedKey =
  | 'limitEndless'
  | 'limitUndatedEvents'
  | 'limitFuture'
  | 'limitFailed'
  | 'limitSetAside'
  | 'limitWithoutPatient'
  | 'limitOtherTypes';

const mostRows = 60;
const mostRejections = 50;

/** What no value set reads, and the lines that would add it. */
export function unreadSection({ findings, say, number }: Page): Markup {
  const { unread, suggestedSets } = findings;
  const shown = unread.slice(0, mostRows);
  const rows = shown.map(({ type, system, code, text, count }) => [
    type,
    html`<code>${system}</code>`,
    html`<code>${code}</code>`,
    text,
    figure(number(count)),
  ]);
  const lines = shown.flatMap(({ system, code, text }, index) =>
    system === '' || code === '' ? [] : [overlayLines(suggestedSets[index] ?? '', system, code, text)],
  );
  return html`<section>
    <h2>${say('notUnderstood')}</h2>
    <p class="note">${say('notUnderstoodNote')}</p>
    ${
      rows.length === 0
        ? html`<p>${say('nothing')}</p>`
        : html`${table(
              say('notUnderstood'),
              [say('type'), say('system'), say('code'), say('text'), say('count')],
              rows,
            )}
            <details>
              <summary>${say('overlay')}</summary>
              <pre>${lines.join('\n')}</pre>
            </details>`
    }
  </section>`;
}

/** JSON texts are YAML texts. */
function overlayLines(set: string, system: string, code: string, text: string): string {
  const display = text === '' ? '' : `\n    display: ${JSON.stringify(text)}`;
  const key = set === '' ? '""' : set;
  return `${key}:\n  - system: ${JSON.stringify(system)}\n    code: ${JSON.stringify(code)}${display}\n    reason: ""`;
}

/** What a look back from an export of today cannot know, and what was left out. */
export function limitsSection({ findings, say, number }: Page): Markup {
  const { tally, grouped } = findings;
  const counted = (count: number, key: CountedKey): readonly Markup[] =>
    count === 0 ? [] : [html`<li>${say(key, { count })}</li>`];
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  const undated = Object.entries(tally.undated)
    .sort(([, one], [, other]) => other - one)
    .map(([type, count]) => say('countOf', { name: type, count: number(count) }))
    .join(', ');
  const rejected = grouped.rejections
    .slice(0, mostRejections)
    .map(({ file, line, why }) => html`<li><code>${file}:${line}</code> ${why}</li>`);
  return html`<section>
    <h2>${say('limits')}</h2>
    <ul>
      ${(['limitStatus', 'limitLate', 'limitDeclines'] as const).map((key) => html`<li>${say(key)}</li>`)}
      ${[
        ...counted(tally.endlessRequests, 'limitEndless'),
        ...(undated === ''
          ? []
          : [html`<li>${say('limitUndated', { count: sum(tally.undated), types: undated })}</li>`]),
        ...counted(tally.undatedEvents, 'limitUndatedEvents'),
        ...counted(tally.futureEvents, 'limitFuture'),
        ...counted(tally.failedEvents, 'limitFailed'),
        ...counted(sum(tally.setAside), 'limitSetAside'),
        ...counted(grouped.withoutPatient, 'limitWithoutPatient'),
        ...counted(grouped.otherTypes, 'limitOtherTypes'),
      ]}
    </ul>
    ${
      grouped.rejectedLines === 0
        ? nothing
        : html`<p>${say('rejected', { count: grouped.rejectedLines })}</p>
            <ul>
              ${rejected}
            </ul>`
    }
  </section>`;
}
