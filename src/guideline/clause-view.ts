import type { Clause, Phrase } from './clause.js';
import { html, joined, type Html } from './html.js';
import type { Knowing } from './knowing.js';

/** A name that is explained further down the page leads there. */
function phraseView(phrase: Phrase): Html | string {
  if (typeof phrase === 'string') return phrase;
  return 'setting' in phrase
    ? html`<a class="number" href="#setting-${phrase.setting}">${phrase.words}</a>`
    : html`<a class="term" href="#fact-${phrase.input}">${phrase.words}</a>`;
}

const phrasesView = (phrases: readonly Phrase[]): Html => html`${phrases.map(phraseView)}`;

/** A condition in words as nested lists. */
export function clauseView(clause: Clause, knowing: Knowing): Html {
  const { say } = knowing;
  switch (clause.kind) {
    case 'statement':
      return html`<p class="statement">${phrasesView(clause.phrases)}</p>`;
    case 'all':
    case 'any':
      return html`<p class="quantifier">${say(`clause.${clause.kind}`)}</p>
        <ul class="clauses clauses-${clause.kind}">
          ${clause.clauses.map((each) => html`<li>${clauseView(each, knowing)}</li>`)}
        </ul>`;
    case 'cases':
      return html`<ul class="clauses cases">
        ${clause.cases.map(
          ({ when, then }) =>
            html`<li>
              <span class="quantifier">${say('clause.when')}</span> ${clauseView(when, knowing)}
              <span class="quantifier">${say('clause.then')}</span> ${clauseView(then, knowing)}
            </li>`,
        )}
        <li>
          <span class="quantifier">${say('clause.otherwise')}</span> ${clauseView(clause.otherwise, knowing)}
        </li>
      </ul>`;
  }
}

/** A condition in one line, for a list of facts. */
export function clauseInLine(clause: Clause, knowing: Knowing): Html {
  const { say } = knowing;
  switch (clause.kind) {
    case 'statement':
      return phrasesView(clause.phrases);
    case 'all':
    case 'any':
      return html`${joined(
        clause.clauses.map((each) => clauseInLine(each, knowing)),
        clause.kind === 'all' ? say('words.and') : say('words.or'),
      )}`;
    case 'cases':
      return html`${joined(
        [
          ...clause.cases.map(
            ({ when, then }) =>
              html`${clauseInLine(then, knowing)} ${say('clause.when')} ${clauseInLine(when, knowing)}`,
          ),
          html`${say('clause.otherwise')} ${clauseInLine(clause.otherwise, knowing)}`,
        ],
        '; ',
      )}`;
  }
}
