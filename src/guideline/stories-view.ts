import { epochDayOf } from '../engine/case.js';
import { exampleDay } from '../engine/examples.js';
import { keysInWords, missingInWords } from '../cards/values.js';
import type { Rule } from '../knowledge/types.js';
import type { Gap } from '../rules/gap.js';
import { defaultLanguage } from '../text.js';
import { html, joined, type Content, type Html } from './html.js';
import { outcomeIcons } from './icons.js';
import type { Knowing } from './knowing.js';
import type { Reason } from './reasons.js';
import { attemptPath, linkTo, type Site } from './site.js';
import type { PlayedStory } from './stories.js';
import type { Story } from './story.js';

/** Examples as small patients, each with what the rule says of it. */
export function storiesSection(site: Site, rule: Rule, stories: readonly PlayedStory[]): Html {
  const { say, wording } = site.knowing;
  const day = epochDayOf(exampleDay);
  return html`<p>
      ${say('rule.storiesLead', { count: stories.length, day: wording.day({ from: day, to: day }) })}
    </p>
    <ol class="stories">
      ${stories.map((story) => html`<li id="story-${story.number}">${storyView(site, rule, story)}</li>`)}
    </ol>`;
}

function storyView(site: Site, rule: Rule, played: PlayedStory): Html {
  const { knowing } = site;
  const { say, language } = knowing;
  const { number, name, story, outcome, missingData, cardsIn } = played;
  const [shown] = cardsIn(language);
  // Their names are notes of the authors, in English.
  const title =
    language === defaultLanguage
      ? html`${say('rule.storyNumber', { number })}: ${name}`
      : say('rule.storyNumber', { number });
  return html`<article class="story">
    <h3 class="story-title">${title}</h3>
    ${storyLines(story, missingData, knowing)}
    <p class="story-outcome outcome-${outcome}">
      ${outcomeIcons[outcome]}<strong>${say(`outcome.${outcome}`)}</strong>${shown !== undefined && html` <span class="said">${shown.card.summary}</span>`}
    </p>
    ${outcome !== 'fires' && reasonsView(played.reasons, played.missing, knowing)}
    <p>
      <a class="quiet" href="${linkTo(site, attemptPath, { rule: rule.id, example: String(number) })}"
        >${say('rule.storyTry')}<span class="unseen"> (${number})</span></a
      >
    </p>
  </article>`;
}

/** What a chart holds and what is being ordered, as lists. */
export function storyLines(story: Story, missingData: readonly string[], knowing: Knowing): Html {
  const { say, wording } = knowing;
  const lines = (title: string, items: readonly string[]): Content =>
    items.length > 0 &&
    html`<div>
      <dt>${title}</dt>
      <dd>
        <ul>
          ${items.map((item) => html`<li>${item}</li>`)}
        </ul>
      </dd>
    </div>`;
  const chart = [...(story.patient === undefined ? [] : [story.patient]), ...story.chart];
  if (chart.length === 0 && story.drafts.length === 0 && missingData.length === 0)
    return html`<p class="soft">${say('rule.storyEmpty')}</p>`;
  return html`<dl class="story-lines">
    ${lines(say('rule.storyChart'), chart)}${lines(say('rule.storyDrafts'), story.drafts)}${lines(
      say('rule.storyMissing'),
      keysInWords(missingData, wording),
    )}
  </dl>`;
}

/** «because …»: the facts that decided, and what would have to be known. */
export function reasonsView(reasons: readonly Reason[], missing: readonly Gap[], knowing: Knowing): Html {
  const { say, wording, prepared } = knowing;
  const said = reasons.map(({ title, value = say('words.notKnown'), date }) => {
    const day = date === undefined ? undefined : epochDayOf(date);
    return html`${title}${say('words.colon')}<strong>${value}</strong>${
      day !== undefined && html` <span class="soft">(${wording.day({ from: day, to: day })})</span>`
    }`;
  });
  const lacking = missingInWords(missing, prepared.knowledge, wording);
  return html`<p class="because">
    ${
      said.length > 0 && html`${say('rule.because')} ${joined(said, '; ')}`
    }${said.length > 0 && lacking.length > 0 && html`; `}${
      lacking.length > 0 && html`${say('attempt.missing')}${say('words.colon')}${lacking.join(', ')}`
    }
  </p>`;
}
