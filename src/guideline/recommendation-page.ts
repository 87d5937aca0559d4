import { sectionIn } from '../knowledge/source-values.js';
import type { Rule } from '../knowledge/types.js';
import type { Entry } from './entries.js';
import { attributeList } from './attribute-list.js';
import { html, type Content, type Html } from './html.js';
import { severityIcons } from './icons.js';
import { documentOf } from './layout.js';
import { linkTo, recommendationPath, rulePath, type Site } from './site.js';
import { textIn } from '../text.js';

/** The page of one recommendation: what became of it, and why there is no alert where there is none. */
export function recommendationPage(site: Site, entries: readonly Entry[], entry: Entry): string {
  const { say, language, prepared } = site.knowing;
  const { recommendation, topic } = entry;
  const { id, title, section, edition } = recommendation;
  const index = entries.indexOf(entry);
  const topicTitle = textIn(prepared.knowledge.topics.get(topic)?.title, language);
  const facts: readonly (readonly [string, Content])[] = [
    [
      say('recommendation.source'),
      typeof section === 'string' ? say('index.section', { section }) : sectionIn(section, language),
    ],
    [say('recommendation.edition'), edition],
    ...(topicTitle === undefined
      ? []
      : [
          [
            say('recommendation.topic'),
            html`<a href="${linkTo(site, '', { topic })}">${topicTitle}</a>`,
          ] as const,
        ]),
  ];
  return documentOf(site, {
    title: `${id}. ${textIn(title, language)}`,
    path: recommendationPath(id),
    current: 'all',
    content: html`<div class="head">
        <p class="crumbs">
          <a href="${linkTo(site, '')}">${say('site.all')}</a>
          <span aria-hidden="true">›</span> ${say('recommendation.kind', { id })}
        </p>
        <h1>${textIn(title, language)}</h1>
      </div>
      <div class="narrow">
        ${attributeList(facts)}
        <section class="section" aria-labelledby="became">
          <h2 id="became">${say('recommendation.became')}</h2>
          ${becameView(site, entry)}
        </section>
        <nav class="neighbours" aria-label="${say('site.all')}">
          ${neighbour(site, entries[index - 1], say('recommendation.previous'), 'prev')}${neighbour(site, entries[index + 1], say('recommendation.next'), 'next')}
        </nav>
      </div>`,
  });
}

function becameView(site: Site, { coverage, rules }: Entry): Content {
  const { say, language } = site.knowing;
  if (coverage === undefined && rules.length === 0) return html`<p>${say('recommendation.undecided')}</p>`;
  if (coverage !== undefined && 'none' in coverage) {
    return html`<div class="notice">
      <h3>${say('recommendation.noAlert')}</h3>
      <p>${textIn(coverage.none, language)}</p>
    </div>`;
  }
  const how =
    coverage !== undefined && 'within' in coverage
      ? say(`recommendation.within.${coverage.how}`)
      : say('recommendation.byRule', { count: rules.length });
  return html`<p>${how}</p>
    <ul class="previews">
      ${rules.map((rule) => html`<li>${preview(site, rule)}</li>`)}
    </ul>`;
}

/** A rule in three lines: its title, its severity, and what its card says. */
export function preview(site: Site, rule: Rule): Html {
  const { say, language } = site.knowing;
  const { indicator } = rule.card;
  return html`<div class="preview card-${indicator}">
    <p class="card-kind">${severityIcons[indicator]}<span>${say(`severity.${indicator}`)}</span></p>
    <p class="preview-title">
      <a href="${linkTo(site, rulePath(rule.id))}">${textIn(rule.title, language)}</a>
    </p>
  </div>`;
}

function neighbour(site: Site, entry: Entry | undefined, label: string, rel: string): Content {
  if (entry === undefined) return html`<span></span>`;
  const { id, title } = entry.recommendation;
  return html`<a rel="${rel}" href="${linkTo(site, recommendationPath(id))}"
    ><span class="label">${label}</span><span>${id} ${textIn(title, site.knowing.language)}</span></a
  >`;
}
