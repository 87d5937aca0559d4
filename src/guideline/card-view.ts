import type { Card } from '../cds-hooks/types.js';
import { detailMarkup, inlineMarkup } from '../ui/markdown.js';
import { html, safe, type Content, type Html } from './html.js';
import { severityIcons } from './icons.js';
import type { Knowing } from './knowing.js';

/** A card's detail as it is shown. */
export function detailHtml(detail: string): Html {
  return safe(detailMarkup(detail));
}

/** Words that may hold Markdown, such as a source line. */
export function inlineHtml(text: string): Html {
  return safe(inlineMarkup(text));
}

/**
 * A card as an EHR shows it; its acts cannot be pressed here.
 * @param level of its heading on the page
 */
export function cardView(
  card: Card,
  { language, say }: Pick<Knowing, 'language' | 'say'>,
  level: 2 | 3 | 4,
): Html {
  const { indicator, summary, detail, suggestions = [], links = [], overrideReasons = [], source } = card;
  const heading = (content: Content): Html =>
    safe(`<h${level} class="card-summary">${html`${content}`.markup}</h${level}>`);
  return html`<article class="card card-${indicator}" lang="${language}">
    <p class="card-kind">${severityIcons[indicator]}<span>${say(`severity.${indicator}`)}</span></p>
    ${heading(summary)} ${detail !== undefined && html`<div class="card-detail">${detailHtml(detail)}</div>`}
    ${
      suggestions.length > 0 &&
      html`<div class="card-acts">
        <p class="label">${say('cardView.suggestions')}</p>
        <ul>
          ${suggestions.map(
            ({ label, isRecommended, actions = [] }) =>
              html`<li>
                <span class="act">${label}</span
                >${isRecommended === true && html` <span class="badge badge-accent">${say('cardView.recommended')}</span>`}${
                  actions.length > 0 &&
                  html`<ul class="act-steps">
                    ${actions.map(({ description }) => html`<li>${description}</li>`)}
                  </ul>`
                }
              </li>`,
          )}
        </ul>
      </div>`
    }
    ${links.length > 0 && html`<p class="card-links"><span class="label">${say('cardView.links')}</span> ${links.map(({ label }) => label).join(' · ')}</p>`}
    ${
      overrideReasons.length > 0 &&
      html`<p class="card-reasons">
        <span class="label">${say('cardView.reasons')}</span>
        ${overrideReasons.map(({ display }) => display).join(' · ')}
      </p>`
    }
    <p class="card-source">${source.label}</p>
  </article>`;
}
