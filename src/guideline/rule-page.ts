import { wordsIn } from '../knowledge/catalogues.js';
import { speaksWhenUnknown, type Language, type Rule } from '../knowledge/types.js';
import { citation } from '../publish/citation.js';
import { needsOfRule, type RuleNeeds } from '../publish/rule-needs.js';
import { epochDayOf } from '../engine/case.js';
import { sourceAttributes } from './attributes.js';
import { cardView } from './card-view.js';
import { clauseView } from './clause-view.js';
import { codesSection } from './codes-view.js';
import { conditionInWords } from './condition-words.js';
import { factView, sitesInWords } from './fact-view.js';
import { html, joined, type Content, type Html } from './html.js';
import { severityIcons } from './icons.js';
import { withinLine, type Knowing } from './knowing.js';
import { documentOf } from './layout.js';
import { isInForce, isSwitchedOff, placesOf } from './rule-state.js';
import { numbersSection } from './numbers-view.js';
import { yieldsSection } from './yields-view.js';
import { linkTo, recommendationPath, rulePath, type Site } from './site.js';
import { firstCards, storiesOf, type PlayedStory } from './stories.js';
import { storiesSection } from './stories-view.js';
import { textIn } from '../text.js';
import { places } from '../words/places.js';
import type { PlainKeyIn } from '../words/say.js';

/** Everything that a rule's page is made of, worked out once. */
interface Shown {
  readonly site: Site;
  readonly knowing: Knowing;
  readonly rule: Rule;
  readonly needs: RuleNeeds;
  readonly stories: readonly PlayedStory[];
}

/**
 * The page of one rule.
 * @param code words by which its codes are searched
 */
export function rulePage(site: Site, rule: Rule, code: string): string {
  const { knowing } = site;
  const { prepared, say, language } = knowing;
  const shown: Shown = {
    site,
    knowing,
    rule,
    needs: needsOfRule(prepared.knowledge, rule),
    stories: storiesOf(rule, knowing),
  };
  const sections: readonly (readonly [string, string, Content])[] = [
    ['card', say('rule.card'), cardSection(shown)],
    ['when', say('rule.when'), whenSection(shown)],
    ['numbers', say('rule.thresholds'), numbersSection(knowing, shown.needs)],
    ['stories', say('rule.stories'), storiesSection(site, rule, shown.stories)],
    ['yields', say('rule.yields'), yieldsSection(site, rule)],
    ['facts', say('rule.facts'), factsSection(shown)],
    ['codes', say('rule.codes'), codesSection(site, rule, shown.needs, code)],
    ['history', say('rule.history'), historySection(shown)],
    ['source', say('rule.attributes'), sourceAttributes(site, rule, shown.needs)],
  ];
  return documentOf(site, {
    title: textIn(rule.title, language),
    path: rulePath(rule.id),
    query: { code },
    current: 'all',
    content: html`${headOf(shown)}
      <div class="columns">
        <nav class="contents" aria-label="${say('rule.contents')}">
          <p class="label">${say('rule.contents')}</p>
          <ol>
            ${sections.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}
          </ol>
        </nav>
        <div class="reading">
          ${sections.map(
            ([id, title, content]) =>
              html`<section id="${id}" class="section" aria-labelledby="${id}-title">
                <h2 id="${id}-title">${title}</h2>
                ${content}
              </section>`,
          )}
        </div>
        ${glanceOf(shown)}
      </div>`,
  });
}

function headOf({ site, knowing, rule }: Shown): Html {
  const { say, language, prepared } = knowing;
  const { indicator } = rule.card;
  const switchedOff = isSwitchedOff(prepared.knowledge, rule);
  return html`<div class="head">
    <p class="crumbs">
      <a href="${linkTo(site, '')}">${say('site.all')}</a> <span aria-hidden="true">›</span> ${joined(
        rule.recommendations.map((id) => html`<a href="${linkTo(site, recommendationPath(id))}">${id}</a>`),
        ', ',
      )}
    </p>
    <h1>${textIn(rule.title, language)}</h1>
    <p class="badges">
      <span class="badge badge-${indicator}">${severityIcons[indicator]}${say(`severity.${indicator}`)}</span
      ><span class="badge">${say(`basis.${rule.basis}`)}</span>${
        !isInForce(rule, site.edition) &&
        html`<span class="badge badge-off">${stateOf(rule, switchedOff, site)}</span>`
      }
    </p>
  </div>`;
}

function stateOf(rule: Rule, switchedOff: boolean, { knowing: { say }, edition }: Site): string {
  if (switchedOff) return say('rule.switchedOff');
  return rule.edition > edition
    ? say('rule.laterEdition', { edition: rule.edition })
    : say(`rule.statuses.${rule.status}`);
}

function glanceOf({ site, knowing, rule }: Shown): Html {
  const { say, language, prepared } = knowing;
  const { knowledge } = prepared;
  const places = placesOf(knowledge, rule.id);
  const kind = textIn(knowledge.plan.kinds[rule.kind ?? ''], language);
  const entries: readonly (readonly [string, Content])[] = [
    [
      say('rule.carriesOut'),
      html`<ul class="plain">
        ${rule.recommendations.map(
          (id) =>
            html`<li>
              <a href="${linkTo(site, recommendationPath(id))}">${id}</a>
              ${textIn(knowledge.recommendations.get(id)?.title, language)}
            </li>`,
        )}
      </ul>`,
    ],
    [say('rule.source'), citation(knowledge, rule, language)],
    [
      say('rule.asked'),
      html`<ul class="plain">
        ${places.map(
          ({ service }) =>
            html`<li>
              ${textIn(service.title, language)}<br /><span class="soft"
                >${service.hooks.map((hook) => hookIn(hook, say)).join(', ')}</span
              >
            </li>`,
        )}
      </ul>`,
    ],
    ...(kind === undefined ? [] : [[say('rule.kindOfAdvice'), kind] as const]),
    [say('rule.version'), html`${rule.version} <span class="soft">(${rule.id})</span>`],
    [say('rule.status'), stateOf(rule, isSwitchedOff(knowledge, rule), site)],
  ];
  return html`<aside class="glance" aria-label="${say('rule.glance')}">
    <h2 class="label">${say('rule.glance')}</h2>
    <dl>
      ${entries.map(
        ([name, content]) =>
          html`<dt>${name}</dt>
            <dd>${content}</dd>`,
      )}
    </dl>
  </aside>`;
}

function cardSection({ knowing, rule, stories }: Shown): Html {
  const { say, language, prepared } = knowing;
  const fires = firstCards(stories, 'fires');
  const unknown = firstCards(stories, 'unknown');
  if (fires === undefined && unknown === undefined) return html`<p>${say('rule.noCard')}</p>`;
  const sayingIn = (code: Language) => ({
    language: code,
    say: wordsIn(prepared.knowledge, 'guideline', code),
  });
  const others = prepared.knowledge.languages.filter(({ code }) => code !== language);
  const inEach = ({ cardIn }: NonNullable<typeof fires>): Html =>
    html`${cardView(cardIn(language).card, knowing, 3)}${others.map(
      ({ code, name }) =>
        html`<details class="fold">
          <summary>
            ${say('rule.otherLanguageCard')}${say('words.colon')}<span lang="${code}">${name}</span>
          </summary>
          ${cardView(cardIn(code).card, sayingIn(code), 3)}
        </details>`,
    )}`;
  return html`${
    fires !== undefined &&
    html`<p class="soft">
        ${say('rule.cardFor')}${say('words.colon')}<a href="#story-${fires.story.number}"
          >${say('rule.storyNumber', { number: fires.story.number })}</a
        >
      </p>
      ${inEach(fires)}`
  }${
    rule.actReason !== undefined &&
    html`<p>${say('rule.noAct')}${say('words.colon')} ${textIn(rule.actReason, language)}</p>`
  }${
    unknown !== undefined &&
    html`<h3>${say('rule.unknownCardTitle')}</h3>
      ${inEach(unknown)}`
  }`;
}

function whenSection({ knowing, rule }: Shown): Html {
  const { say } = knowing;
  return html`<p>${subjectOf(rule, knowing)}</p>
    ${
      rule.when !== undefined &&
      html`<h3>${say('rule.concerns')}</h3>
        ${expressionView(rule.when, knowing)}`
    }
    ${
      rule.condition !== undefined &&
      html`<h3>${say('rule.speaks')}</h3>
        ${expressionView(rule.condition, knowing)}`
    }
    <p>${speaksWhenUnknown(rule) ? say('rule.unknownCard') : say('rule.unknownSilent')}</p>
    ${
      rule.unless !== undefined &&
      html`<h3>${say('rule.answered')}</h3>
        ${expressionView(rule.unless, knowing)}
        <p>${say('rule.answeredUnknown')}</p>`
    }
    ${rule.once === true && html`<p>${say('rule.once')}</p>`}
    ${isSaidAgain(rule) && html`<p>${say('rule.alwaysSaid')}</p>`}`;
}

/** Whether a decline does not keep the rule's card away. */
const isSaidAgain = ({ alwaysSaid, card }: Rule): boolean =>
  alwaysSaid === true || card.indicator === 'critical';

/** A condition in words, and below it as it is run. */
function expressionView(expression: string, knowing: Knowing): Html {
  const { say } = knowing;
  const clause = conditionInWords(expression, knowing);
  return html`${clause !== undefined && html`<div class="condition">${clauseView(clause, knowing)}</div>`}
    <details class="fold code-fold" ${clause === undefined && html` open`}>
      <summary>${say('clause.expression')}</summary>
      <pre tabindex="0"><code>${expression}</code></pre>
    </details>`;
}

type HookKey = Extract<PlainKeyIn<'guideline'>, `hooks.${string}`>;

const isHookKey = (key: string): key is HookKey => Object.hasOwn(places.guideline, key);

/** The moment of a hook in words; one that has none here is called by its name. */
function hookIn(hook: string, say: Knowing['say']): string {
  const key = `hooks.${hook}`;
  return isHookKey(key) ? say(key) : hook;
}

function subjectOf(rule: Rule, knowing: Knowing): string {
  const { say, prepared, language } = knowing;
  if (rule.for === undefined) return say('rule.perPatient');
  if (rule.for === 'lesions')
    return rule.sites === undefined
      ? say('rule.perLesion')
      : say('rule.perLesionAt', { sites: sitesInWords(rule.sites, knowing) });
  return say('rule.perItem', {
    title: withinLine(textIn(prepared.knowledge.inputs.get(rule.for)?.title, language) ?? rule.for),
  });
}

function factsSection({ knowing, needs }: Shown): Html {
  const { say, language } = knowing;
  return html`<p>${say('rule.factsLead')}</p>
    <dl class="facts">
      ${[...needs.inputs].reverse().map(
        (input) =>
          html`<dt id="fact-${input.name}">${textIn(input.title, language)}</dt>
            <dd>${factView(input, knowing)}</dd>`,
      )}
    </dl>`;
}

function historySection({ knowing, rule }: Shown): Html {
  const { say, language, wording } = knowing;
  const { changes = [], version } = rule;
  if (changes.length === 0) return html`<p>${say('rule.historyNone', { version })}</p>`;
  return html`<dl class="history">
    ${changes.map((change) => {
      const day = epochDayOf(change.date);
      return html`<dt>
          ${change.version} <time datetime="${change.date}">${wording.day({ from: day, to: day })}</time>
        </dt>
        <dd>${textIn(change, language)}</dd>`;
    })}
  </dl>`;
}
