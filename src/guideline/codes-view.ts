import type { Rule } from '../knowledge/types.js';
import type { RuleNeeds } from '../publish/rule-needs.js';
import { codeGroups, searchCodes, type CodeGroup } from './codes.js';
import { html, type Html } from './html.js';
import { linkTo, rulePath, type Site } from './site.js';

/** The value sets that a rule reads, folded, with a search over all of them. */
export function codesSection(site: Site, rule: Rule, needs: RuleNeeds, query: string): Html {
  const { say, language } = site.knowing;
  const groups = codeGroups(needs, site.knowing);
  if (groups.length === 0) return html`<p>${say('rule.codesNone')}</p>`;
  const found = searchCodes(groups, query);
  const isSearched = query !== '';
  const count = (all: readonly CodeGroup[]): number => all.reduce((sum, { rows }) => sum + rows.length, 0);
  return html`<p>${say('rule.codesLead', { sets: groups.length, codes: count(groups) })}</p>
    <form
      class="search"
      method="get"
      action="${linkTo(site, rulePath(rule.id))}#codes"
      role="search"
      data-live="codes-found"
      aria-label="${say('rule.codes')}"
    >
      <label for="code">${say('rule.codesSearch')}</label>
      <div class="field-row">
        <input
          id="code"
          name="code"
          type="search"
          maxlength="200"
          value="${query}"
          autocomplete="off"
        />${site.isLanguageChosen && html`<input type="hidden" name="lang" value="${language}" />`}<button
          type="submit"
          class="primary"
        >
          ${say('index.apply')}
        </button>
      </div>
    </form>
    <div id="codes-found">
      <p class="count" data-announce>${isSearched && say('rule.codesFound', { count: count(found) })}</p>
      ${found.map((group) => groupView(group, isSearched, site))}
    </div>`;
}

/** So many codes of a set are shown before a search, and of its answer. */
const shownCodes = { all: 30, found: 200 };

function groupView({ id, title, rows }: CodeGroup, isOpen: boolean, { knowing: { say } }: Site): Html {
  const shown = rows.slice(0, isOpen ? shownCodes.found : shownCodes.all);
  return html`<details class="fold" ${isOpen && html` open`}>
    <summary>${title} <span class="soft">(${rows.length})</span></summary>
    <div class="scroll" id="codes-${id}" tabindex="0" role="group" aria-label="${title}">
      <table class="codes">
        <tbody>
          ${shown.map(
            ({ system, code, withDescendants, display, isTranslated, isLocal }) =>
              html`<tr><td>${system}</td><td><code>${code}${withDescendants && '*'}</code></td><td${
                !isTranslated && html` lang=""`
              }>${display}</td><td>${isLocal && html`<span class="local">${say('rule.codesLocal')}</span>`}</td></tr>`,
          )}
        </tbody>
      </table>
      ${shown.length < rows.length && html`<p class="soft">${say('rule.codesMore', { count: rows.length - shown.length })}</p>`}
    </div>
  </details>`;
}
