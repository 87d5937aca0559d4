import type { Supposed } from '../engine/what-if.js';
import type { Control } from './controls.js';
import { html, type Content, type Html } from './html.js';
import type { Knowing } from './knowing.js';

/** What a name in the address begins with where it is a fact. */
export const factPrefix = 'f.';
/** How «not known» stands in the address. */
export const notKnown = '?';

/** As many facts stand open; the rest is folded. */
const openControls = 8;

/** The facts that may be moved; those that were are never folded away. */
export function controlFields(
  controls: readonly Control[],
  facts: ReadonlyMap<string, Supposed>,
  knowing: Knowing,
): Content {
  const { say } = knowing;
  if (controls.length === 0) return undefined;
  const isMoved = ({ name }: Control): boolean => facts.has(name);
  const open = controls.filter((control, index) => index < openControls || isMoved(control));
  const folded = controls.filter((control) => !open.includes(control));
  return html`<fieldset>
    <legend>${say('attempt.move')}</legend>
    <p class="soft">${say('attempt.moveLead')}</p>
    ${open.map((control) => controlView(control, facts, knowing))}${
      folded.length > 0 &&
      html`<details class="fold">
        <summary>${say('attempt.more')} (${folded.length})</summary>
        <div class="cards">${folded.map((control) => controlView(control, facts, knowing))}</div>
      </details>`
    }
  </fieldset>`;
}

function controlView(control: Control, facts: ReadonlyMap<string, Supposed>, knowing: Knowing): Html {
  const { say, wording } = knowing;
  const name = `${factPrefix}${control.name}`;
  const isSet = facts.has(control.name);
  const supposed = facts.get(control.name);
  const asCharted =
    control.charted === undefined
      ? say('attempt.asCharted')
      : `${say('attempt.asCharted')}${say('words.colon')}${control.charted}`;
  const label = html`<label for="${name}"
    >${control.title}${
      control.kind === 'number' &&
      control.unit !== undefined &&
      html` (${wording.quantity(2, control.unit).replace(/^2\s?/, '')})`
    }</label
  >`;
  const choice = (options: readonly (readonly [string, string])[]): Html =>
    html`<select id="${name}" name="${name}">
      <option value="">${asCharted}</option>
      ${options.map(
        ([value, title]) =>
          html`<option value="${value}" ${isSet && String(supposed) === value && html` selected`}>
            ${title}
          </option>`,
      )}
      <option value="${notKnown}" ${isSet && supposed === null && html` selected`}>
        ${say('attempt.notKnown')}
      </option>
    </select>`;
  switch (control.kind) {
    case 'number':
      return html`<div class="field">
        ${label}<input
          id="${name}"
          name="${name}"
          type="number"
          inputmode="decimal"
          min="${control.min}"
          max="${control.max}"
          step="${control.step}"
          data-slider
          placeholder="${control.value ?? ''}"
          value="${isSet && supposed !== null && String(supposed)}"
        />
      </div>`;
    case 'date':
      return html`<div class="field">
        ${label}<input
          id="${name}"
          name="${name}"
          type="date"
          value="${isSet && supposed !== null ? String(supposed) : ''}"
        />${control.value !== undefined && html`<span class="soft">${asCharted}</span>`}
      </div>`;
    case 'yes-no':
      return html`<div class="field">
        ${label}${choice([
          ['true', say('words.yes')],
          ['false', say('words.no')],
        ])}
      </div>`;
    case 'choice':
      return html`<div class="field">${label}${choice(control.options)}</div>`;
  }
}
