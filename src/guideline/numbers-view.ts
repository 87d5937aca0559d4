import type { Override } from '../knowledge/knowledge.js';
import type { Setting } from '../knowledge/types.js';
import type { RuleNeeds } from '../publish/rule-needs.js';
import { html, type Html } from './html.js';
import type { Knowing } from './knowing.js';
import { textIn } from '../text.js';

/** The numbers that decide, with unit, source, bounds, and the hospital's own value. */
export function numbersSection(knowing: Knowing, needs: RuleNeeds): Html {
  const { say, language, prepared, wording } = knowing;
  const { settings, overrides } = prepared.knowledge;
  const named = needs.settings.flatMap((name) => {
    const setting = settings.get(name);
    return setting === undefined ? [] : [{ name, setting }];
  });
  if (named.length === 0) return html`<p>${say('rule.thresholdsNone')}</p>`;
  const value = say('rule.value');
  const bounds = say('rule.bounds');
  const origin = say('rule.origin');
  const boundsOf = ({ min, max, unit }: Setting): string =>
    min === max
      ? say('rule.fixed')
      : say('rule.boundsWords', { min: wording.number(min), max: wording.quantity(max, unit) });
  const changed = ({ from, reason = '' }: Override, unit: string | undefined): string => {
    const shipped = wording.quantity(Number(from), unit);
    return reason === '' ? say('rule.here', { shipped }) : say('rule.hereBecause', { shipped, reason });
  };
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${say('rule.thresholds')}">
    <table class="stacked">
      <thead>
        <tr>
          <th scope="col">${say('rule.threshold')}</th>
          <th scope="col">${value}</th>
          <th scope="col">${bounds}</th>
          <th scope="col">${origin}</th>
        </tr>
      </thead>
      <tbody>
        ${named.map(({ name, setting }) => {
          const local = overrides.find((each) => each.kind === 'setting' && each.name === name);
          return html`<tr id="setting-${name}">
            <th scope="row">${textIn(setting.text, language)}</th>
            <td data-label="${value}">
              <strong>${wording.quantity(setting.value, setting.unit)}</strong>${
                local !== undefined && html`<br /><span class="local">${changed(local, setting.unit)}</span>`
              }
            </td>
            <td data-label="${bounds}">${boundsOf(setting)}</td>
            <td data-label="${origin}">${textIn(setting.source, language)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
