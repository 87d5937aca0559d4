import type { EngineSetting } from '../knowledge/engine-settings.js';
import { placeholdersOf } from '../knowledge/placeholders.js';
import { isNamed } from '../knowledge/reads.js';
import type { Rule, Text } from '../knowledge/types.js';
import { html, type Html } from './html.js';
import type { Knowing } from './knowing.js';
import { placesOf, sharingCard } from './rule-state.js';
import { linkTo, rulePath, type Site } from './site.js';
import { textIn } from '../text.js';

/** Name of the setting that bounds the number of cards. */
const maximumCards: EngineSetting = 'maximumCards';

/** Where a rule stands among others, and with which it shares a card. */
export function yieldsSection(site: Site, rule: Rule): Html {
  const { knowing } = site;
  const { say, language, prepared } = knowing;
  const { knowledge } = prepared;
  const places = placesOf(knowledge, rule.id);
  const sharing = sharingCard(knowledge, rule);
  const isHeld = ({ withholds }: { readonly withholds: readonly string[] }): boolean =>
    isNamed(rule, withholds);
  const brakes = Object.values(knowledge.plan.brakes).filter(isHeld);
  const exclusions = Object.values(knowledge.plan.exclusions).filter(isHeld);
  const most = knowledge.settings.get(maximumCards)?.value;
  return html`${
    places.length === 0
      ? html`<p>${say('rule.noService')}</p>`
      : html`<ul>
          ${places.map(
            ({ service, place }) =>
              html`<li>
                <a href="${linkTo(site, '', { service: service.id })}">${textIn(service.title, language)}</a
                >${say('words.colon')} ${say('rule.place', { place, count: service.rules.length })}
              </li>`,
          )}
        </ul>`
  }
  ${
    sharing.length > 0 &&
    html`<p>${say('rule.sharesWith')}</p>
      <ul>
        ${sharing.map(
          (each) =>
            html`<li><a href="${linkTo(site, rulePath(each.id))}">${textIn(each.title, language)}</a></li>`,
        )}
      </ul>`
  }
  ${
    brakes.length > 0 &&
    html`<p>${say('rule.heldBack')}</p>
      <ul>
        ${brakes.map(({ text }) => html`<li>${withNumbers(text, knowing)}</li>`)}
      </ul>`
  }
  ${
    exclusions.length > 0 &&
    html`<p>${say('rule.ruledOut')}</p>
      <ul>
        ${exclusions.map(({ text }) => html`<li>${withNumbers(text, knowing)}</li>`)}
      </ul>`
  }
  ${most !== undefined && html`<p>${say('rule.maximum', { count: most })}</p>`}`;
}

/** A text with the numbers in force. */
function withNumbers(text: Text, { prepared, wording, language }: Knowing): string {
  const { settings } = prepared.knowledge;
  const values = placeholdersOf(textIn(text, language)).flatMap((name) => {
    const setting = settings.get(name);
    return setting === undefined ? [] : [[name, wording.quantity(setting.value, setting.unit)] as const];
  });
  return wording.fill(text, Object.fromEntries(values));
}
