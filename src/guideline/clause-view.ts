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
  const { clause: words } = knowing.texts;
  switch (clause.kind) {
    case 'statement':
      return html`<p class="statement">${phrasesView(clause.phrases)}</p>`;
    case 'all':
    case 'any':
      return html`<p class="quantifier">${words[clause.kind]}</p>
        <ul class="clauses clauses-${clause.kind}">
          ${clause.clauses.map((each) => html`<li>${clauseView(each, knowing)}</li>`)}
        </ul>`;
    case 'cases':
      return html`<ul class="clauses cases">
        ${clause.cases.map(
          ({ when, then }) =>
            html`<li>
              <span class="quantifier">${words.when}</span> ${clauseView(when, knowing)}
              <span class="quantifier">${words.then}</span> ${clauseView(then, knowing)}
            </li>`,
        )}
        <li><span class="quantifier">${words.otherwise}</span> ${clauseView(clause.otherwise, knowing)}</li>
      </ul>`;
  }
}

/** A condition in one line, for a list of facts. */
export function clauseInLine(clause: Clause, knowing: Knowing): Html {
  const { clause: words, words: joins } = knowing.texts;
  switch (clause.kind) {
    case 'statement':
      return phrasesView(clause.phrases);
    case 'all':
    case 'any':
      return html`${joined(
        clause.clauses.map((each) => clauseInLine(each, knowing)),
        clause.kind === 'all' ? joins.and : joins.or,
      )}`;
    case 'cases':
      return html`${joined(
        [
          ...clause.cases.map(
            ({ when, then }) =>
              html`${clauseInLine(then, knowing)} ${words.when} ${clauseInLine(when, knowing)}`,
          ),
          html`${words.otherwise} ${clauseInLine(clause.otherwise, knowing)}`,
        ],
        '; ',
      )}`;
  }
}
