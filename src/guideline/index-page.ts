import { sectionIn } from '../knowledge/source-values.js';
import { filtered, type Entry, type Filters } from './entries.js';
import { html, type Content, type Html } from './html.js';
import { severityIcons } from './icons.js';
import { documentOf } from './layout.js';
import { isInForce } from './rule-state.js';
import { linkTo, recommendationPath, rulePath, type Site } from './site.js';
import { textIn } from '../text.js';

const severities = ['critical', 'warning', 'info'] as const;

/** All recommendations with their rules, by topic; those that the reader asked for. */
export function indexPage(site: Site, entries: readonly Entry[], filters: Filters): string {
  const { knowing } = site;
  const { say, prepared } = knowing;
  const found = filtered(entries, filters);
  return documentOf(site, {
    title: say('index.title'),
    path: '',
    query: { ...filters },
    current: 'all',
    content: html`<div class="head">
        <h1>${say('index.title')}</h1>
        <p class="lead">
          ${say('index.lead', { recommendations: entries.length, rules: prepared.knowledge.rules.size })}
        </p>
      </div>
      ${searchForm(site, filters)}
      <div id="found">${foundView(site, found)}</div>`,
  });
}

function searchForm(site: Site, filters: Filters): Html {
  const { say, prepared, language } = site.knowing;
  const { topics, services, guideline } = prepared.knowledge;
  const choice = (
    name: keyof Filters,
    label: string,
    options: readonly (readonly [string, string])[],
  ): Html =>
    html`<div class="field">
      <label for="${name}">${label}</label
      ><select id="${name}" name="${name}">
        <option value="">${say('index.any')}</option>
        ${options.map(
          ([value, words]) =>
            html`<option value="${value}" ${filters[name] === value && html` selected`}>${words}</option>`,
        )}
      </select>
    </div>`;
  return html`<form
    class="search"
    method="get"
    action="${linkTo(site, '')}"
    role="search"
    data-live="found"
    aria-label="${say('index.filters')}"
  >
    <div class="field field-wide">
      <label for="q">${say('index.search')}</label
      ><input
        id="q"
        name="q"
        type="search"
        maxlength="200"
        value="${filters.q ?? ''}"
        placeholder="${say('index.searchHint')}"
        autocomplete="off"
      />
    </div>
    <div class="filters">
      ${choice(
        'topic',
        say('index.topic'),
        [...topics].map(([id, { title }]) => [id, textIn(title, language)]),
      )}
      ${choice(
        'service',
        say('index.service'),
        [...services.values()].map(({ id, title }) => [id, textIn(title, language)]),
      )}
      ${choice(
        'severity',
        say('index.severity'),
        severities.map((each) => [each, say(`severity.${each}`)]),
      )}
      ${choice(
        'edition',
        say('index.edition'),
        guideline.editions.map((each) => [each, say('index.since', { edition: each })]),
      )}
      ${choice('alert', say('index.alert'), [
        ['yes', say('index.withAlert')],
        ['no', say('index.withoutAlert')],
      ])}
    </div>
    ${site.isLanguageChosen && html`<input type="hidden" name="lang" value="${language}" />`}
    <p class="field-row">
      <button type="submit" class="primary">${say('index.apply')}</button>
      <a class="quiet" href="${linkTo(site, '')}">${say('index.clear')}</a>
    </p>
  </form>`;
}

function foundView(site: Site, found: readonly Entry[]): Content {
  const { say, prepared, language } = site.knowing;
  const groups = [...prepared.knowledge.topics].flatMap(([id, { title }]) => {
    const inTopic = found.filter(({ topic }) => topic === id);
    return inTopic.length === 0 ? [] : [{ id, title: textIn(title, language), entries: inTopic }];
  });
  return html`<p class="count" data-announce>${say('index.found', { count: found.length })}</p>
    ${found.length === 0 && html`<p>${say('index.nothing')}</p>`}${groups.map(
      ({ id, title, entries }) =>
        html`<section class="topic" aria-labelledby="topic-${id}">
          <h2 id="topic-${id}">${title} <span class="soft">${entries.length}</span></h2>
          <ul class="entries">
            ${entries.map((entry) => html`<li>${entryView(site, entry)}</li>`)}
          </ul>
        </section>`,
    )}`;
}

function entryView(site: Site, { recommendation, coverage, rules }: Entry): Html {
  const { say, language } = site.knowing;
  const { id, title, section, edition } = recommendation;
  const isNumber = typeof section === 'string';
  const within = coverage !== undefined && 'within' in coverage;
  return html`<div class="entry">
    <p class="entry-id"><a href="${linkTo(site, recommendationPath(id))}">${id}</a></p>
    <div class="entry-body">
      <p class="entry-title">
        <a href="${linkTo(site, recommendationPath(id))}">${textIn(title, language)}</a>
      </p>
      <p class="soft entry-source">
        ${isNumber ? say('index.section', { section }) : sectionIn(section, language)} ·
        ${say('index.since', { edition })}
      </p>
      ${
        rules.length === 0
          ? html`<p class="entry-none">
              <span class="badge">${say('index.noAlert')}</span>
              ${coverage !== undefined && 'none' in coverage && textIn(coverage.none, language)}
            </p>`
          : html`<ul class="rules">
              ${rules.map(
                (rule) =>
                  html`<li class="rule rule-${rule.card.indicator}">
                    ${severityIcons[rule.card.indicator]}<span class="unseen"
                      >${say(`severity.${rule.card.indicator}`)}${say('words.colon')}</span
                    ><a href="${linkTo(site, rulePath(rule.id))}"
                      >${within ? say('index.within', { rule: textIn(rule.title, language) }) : textIn(rule.title, language)}</a
                    >${
                      !isInForce(rule, site.edition) &&
                      html` <span class="badge badge-off">${say('index.notInForce')}</span>`
                    }
                  </li>`,
              )}
            </ul>`
      }
    </div>
  </div>`;
}
