import type { CardContext } from '../cards/actions.js';
import { keysInWords } from '../cards/values.js';
import { exampleCase, exampleDay, resourceOf } from '../engine/examples.js';
import { epochDayOf, openCase } from '../engine/case.js';
import type { PreparedService } from '../engine/prepare.js';
import type { Supposed } from '../engine/what-if.js';
import type { Rule, RuleExample } from '../knowledge/types.js';
import { attempt, type Attempted, type ToldOutcome } from './attempt.js';
import { cardView } from './card-view.js';
import { controlsOf } from './controls.js';
import { controlFields, factPrefix, notKnown } from './controls-view.js';
import { html, type Content, type Html } from './html.js';
import { outcomeIcons } from './icons.js';
import type { Knowing } from './knowing.js';
import { documentOf } from './layout.js';
import { attemptPath, linkTo, rulePath, type Site } from './site.js';
import { reasonsView, storyLines } from './stories-view.js';
import { tellingOutcome } from './stories.js';
import { storyOf } from './story.js';
import { orderTypes } from '../resource-table.js';
import { defaultLanguage, textIn } from '../text.js';

/** What the address of the page asks: where to start, and what to suppose. */
export interface AttemptQuery {
  readonly service?: string;
  readonly rule?: string;
  /** Number of the example from 1; 0 for an empty chart. */
  readonly example?: number;
  /** Name of a fragment that is ordered as well. */
  readonly order?: string;
  readonly facts: ReadonlyMap<string, Supposed>;
}

interface Start {
  readonly service: PreparedService;
  readonly rule: Rule | undefined;
  readonly example: RuleExample | undefined;
  readonly number: number;
}

/** The first service and rule, unless the reader named others. */
function startOf(
  { service: named, rule: id, example }: AttemptQuery,
  { prepared }: Knowing,
): Start | undefined {
  const { services } = prepared;
  const asking = [...services.values()].find(({ rules }) => rules.some(({ rule }) => rule.id === id));
  const service = services.get(named ?? '') ?? asking ?? services.values().next().value;
  if (service === undefined) return undefined;
  const rule = service.rules.find((each) => each.rule.id === id)?.rule ?? service.rules[0]?.rule;
  const number = example ?? 1;
  return { service, rule, example: rule?.examples[number - 1], number };
}

/** The page «What would it say for …»: a start, facts to move, the cards, and what each rule says. */
export function attemptPage(
  site: Site,
  query: AttemptQuery,
  base: Omit<CardContext, 'patientId' | 'today'>,
): string {
  const { knowing } = site;
  const { say, prepared } = knowing;
  const start = startOf(query, knowing);
  if (start === undefined) throw new RangeError('there is no service');
  const { service, rule, example = { name: '', outcome: 'silent' }, number } = start;
  const extra = query.order === undefined ? [] : [resourceOf(query.order, prepared)];
  const asked = {
    service,
    chart: (example.chart ?? []).map((piece) => resourceOf(piece, prepared)),
    drafts: [...(example.drafts ?? []).map((piece) => resourceOf(piece, prepared)), ...extra],
    missingData: example.missingData ?? [],
    today: exampleDay,
    language: undefined,
  };
  const answer = attempt({ ...asked, facts: query.facts }, knowing, base);
  const opened = exampleCase(prepared, example);
  const compiled = rule === undefined ? undefined : prepared.rules.get(rule.id);
  const charted =
    compiled === undefined ? undefined : tellingOutcome(compiled.evaluate(opened.of, opened.memory));
  const controls = compiled === undefined ? [] : controlsOf(compiled, charted, knowing);
  const address = {
    service: service.definition.id,
    rule: rule?.id,
    example: String(number),
    order: query.order,
    ...Object.fromEntries(
      [...query.facts].map(([name, value]) => [
        `${factPrefix}${name}`,
        value === null ? notKnown : String(value),
      ]),
    ),
  };
  return documentOf(site, {
    title: say('attempt.title'),
    description: say('attempt.lead'),
    path: attemptPath,
    query: address,
    current: 'try',
    content: html`<div class="head">
        <h1>${say('attempt.title')}</h1>
        <p class="lead">${say('attempt.lead')}</p>
      </div>
      <div class="attempt">
        <form class="controls" method="get" action="${linkTo(site, attemptPath)}" data-live="answer">
          ${startFields(site, start, query)} ${controlFields(controls, query.facts, knowing)}
          ${site.isLanguageChosen && html`<input type="hidden" name="lang" value="${knowing.language}" />`}
          <p class="field-row">
            <button type="submit" class="primary">${say('attempt.ask')}</button>
            <a
              class="quiet"
              href="${linkTo(site, attemptPath, { service: service.definition.id, rule: rule?.id, example: String(number) })}"
              >${say('attempt.reset')}</a
            >
          </p>
        </form>
        <div class="answer" id="answer">
          ${answerView(site, answer, rule, html`${storyLines(storyOf(opened, knowing), asked.missingData, knowing)}`, address)}
        </div>
      </div>`,
  });
}

function startFields(site: Site, { service, rule, number }: Start, { order }: AttemptQuery): Html {
  const { knowing } = site;
  const { say, language, prepared } = knowing;
  const option = (value: string, label: Content, isChosen: boolean): Html =>
    html`<option value="${value}" ${isChosen && html` selected`}>${label}</option>`;
  return html`<fieldset>
    <legend>${say('attempt.start')}</legend>
    <div class="field">
      <label for="service">${say('attempt.service')}</label
      ><select id="service" name="service" data-reload>
        ${[...prepared.services.values()].map(({ definition }) =>
          option(definition.id, textIn(definition.title, language), definition.id === service.definition.id),
        )}
      </select>
    </div>
    <div class="field">
      <label for="rule">${say('attempt.rule')}</label
      ><select id="rule" name="rule" data-reload>
        ${service.rules.map((each) =>
          option(each.rule.id, textIn(each.rule.title, language), each.rule.id === rule?.id),
        )}
      </select>
    </div>
    <div class="field">
      <label for="example">${say('attempt.example')}</label
      ><select id="example" name="example" data-reload>
        ${option('0', say('attempt.noExample'), number === 0)}${(rule?.examples ?? []).map((example, index) =>
          option(
            String(index + 1),
            `${say('rule.storyNumber', { number: index + 1 })}${say('words.colon')}${language === defaultLanguage ? example.name : say(`outcome.${example.outcome}`)}`,
            number === index + 1,
          ),
        )}
      </select>
    </div>
    <div class="field">
      <label for="order">${say('attempt.addedDrafts')}</label
      ><select id="order" name="order">
        ${option('', '–', order === undefined)}${ordersOf(knowing).map(([name, title]) =>
          option(name, title, name === order),
        )}
      </select>
    </div>
  </fieldset>`;
}

const orders = new WeakMap<Knowing['prepared'], Map<string, readonly (readonly [string, string])[]>>();

/** Drafts among the fragments, each named by what it orders; of those that read alike the first. */
function ordersOf(knowing: Knowing): readonly (readonly [string, string])[] {
  const { prepared, language } = knowing;
  const kept = orders.get(prepared) ?? new Map<string, readonly (readonly [string, string])[]>();
  orders.set(prepared, kept);
  const known = kept.get(language);
  if (known !== undefined) return known;
  const titles = new Map<string, string>();
  for (const [name, fragment] of prepared.knowledge.fragments) {
    if (
      !orderTypes.includes(fragment.resourceType) ||
      !['draft', 'proposed'].includes(String(fragment['status']))
    )
      continue;
    const opened = openCase(prepared, {
      resources: [],
      drafts: [resourceOf(name, prepared)],
      missingKeys: new Set(),
      today: epochDayOf(exampleDay),
    });
    const [title] = storyOf(opened, knowing).drafts;
    if (title !== undefined && !titles.has(title)) titles.set(title, name);
  }
  const found = [...titles]
    .map(([title, name]) => [name, title] as const)
    .sort(([, a], [, b]) => a.localeCompare(b, language));
  kept.set(language, found);
  return found;
}

function answerView(
  site: Site,
  { cards, outcomes, isUnavailable, concerned }: Attempted,
  rule: Rule | undefined,
  story: Html,
  address: Readonly<Record<string, string | undefined>>,
): Html {
  const { say } = site.knowing;
  const first = outcomes.filter(
    ({ rule: id, outcome }) => id === rule?.id || concerned.has(id) || outcome === 'failed',
  );
  const others = outcomes.filter((outcome) => !first.includes(outcome));
  const list = (all: readonly ToldOutcome[]): Html =>
    html`<ul class="outcomes">
      ${all.map((outcome) => outcomeView(site, outcome, outcome.rule === rule?.id))}
    </ul>`;
  return html`<section aria-labelledby="patient">
      <h2 id="patient">${say('attempt.example')}</h2>
      ${story}
    </section>
    <section class="cards" aria-labelledby="said">
      <h2 id="said" data-announce>${say('attempt.cards', { count: cards.length })}</h2>
      ${
        isUnavailable
          ? html`<p>${say('attempt.dataUnavailable')}</p>`
          : cards.length === 0 && html`<p>${say('attempt.noCards')}</p>`
      }${cards.map((card) => cardView(card, site.knowing, 3))}
    </section>
    <section aria-labelledby="outcomes">
      <h2 id="outcomes">${say('attempt.outcomes')}</h2>
      ${list(first)}${
        others.length > 0 &&
        html`<details class="fold">
          <summary>${say('attempt.others', { count: others.length })}</summary>
          ${list(others)}
        </details>`
      }
    </section>
    <p><a class="quiet" href="${linkTo(site, attemptPath, address)}">${say('attempt.permanent')}</a></p>`;
}

function outcomeView(
  site: Site,
  { rule: id, outcome, because, missing, unchecked }: ToldOutcome,
  isAskedFor: boolean,
): Html {
  const { knowing } = site;
  const { say, language, prepared, wording } = knowing;
  const title = textIn(prepared.knowledge.rules.get(id)?.title, language) ?? id;
  const lacking = keysInWords(unchecked, wording);
  return html`<li${isAskedFor && html` class="asked-for"`}><p class="outcome-title"><span class="badge badge-${outcome}">${outcomeIcons[outcome]}${say(`outcome.${outcome}`)}</span> <a href="${linkTo(site, rulePath(id))}">${title}</a></p>${
    because.length === 0 && missing.length === 0
      ? html`<p class="because">${say('attempt.nothingAsked')}</p>`
      : reasonsView(because, missing, knowing)
  }${lacking.length > 0 && html`<p class="because">${say('attempt.unchecked')}${say('words.colon')}${lacking.join(', ')}</p>`}</li>`;
}
