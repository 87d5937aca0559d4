import type { Setting } from '../knowledge/types.js';
import type { RuleNeeds } from '../publish/rule-needs.js';
import { html, type Html } from './html.js';
import type { Knowing } from './knowing.js';
import { textIn } from '../text.js';

/** The numbers that decide, with unit, source, bounds, and the hospital's own value. */
export function numbersSection(knowing: Knowing, needs: RuleNeeds): Html {
  const { texts, language, prepared, wording } = knowing;
  const { settings, overrides } = prepared.knowledge;
  const named = needs.settings.flatMap((name) => {
    const setting = settings.get(name);
    return setting === undefined ? [] : [{ name, setting }];
  });
  if (named.length === 0) return html`<p>${texts.rule.thresholdsNone}</p>`;
  const { threshold, value, bounds, origin, boundsWords, fixed, here } = texts.rule;
  const boundsOf = ({ min, max, unit }: Setting): string =>
    min === max ? fixed : boundsWords(wording.number(min), wording.quantity(max, unit));
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${texts.rule.thresholds}">
    <table class="stacked">
      <thead>
        <tr>
          <th scope="col">${threshold}</th>
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
                local !== undefined &&
                html`<br /><span class="local"
                    >${here(wording.quantity(Number(local.from), setting.unit), local.reason ?? '')}</span
                  >`
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
