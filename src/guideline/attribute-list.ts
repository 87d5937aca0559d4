import { html, type Content, type Html } from './html.js';

/** What is known of a rule or a recommendation, each under its name. */
export function attributeList(entries: readonly (readonly [string, Content])[]): Html {
  return html`<dl class="attributes">
    ${entries.map(
      ([name, said]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${said}</dd>
        </div>`,
    )}
  </dl>`;
}
