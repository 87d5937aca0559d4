import { html } from './html.js';
import { documentOf } from './layout.js';
import { preview } from './recommendation-page.js';
import { gatheredId, linkTo, rulePath, type Site } from './site.js';
import { speaksWhenUnknown } from '../knowledge/types.js';

/** The page of the card that gathers what is missing: it has no rule of its own. */
export function gatheredPage(site: Site): string {
  const { texts, prepared } = site.knowing;
  const words = texts.gathered;
  const rules = [...prepared.knowledge.rules.values()].filter(
    (rule) => rule.for === 'lesions' && speaksWhenUnknown(rule) && rule.status === 'active',
  );
  return documentOf(site, {
    title: words.title,
    description: words.lead,
    path: rulePath(gatheredId),
    current: 'all',
    content: html`<div class="head">
        <p class="crumbs"><a href="${linkTo(site, '')}">${texts.site.all}</a></p>
        <h1>${words.title}</h1>
        <p class="lead">${words.lead}</p>
      </div>
      <div class="narrow">
        <section class="section" aria-labelledby="when">
          <h2 id="when">${words.when}</h2>
          <p>${words.whenWords}</p>
        </section>
        <section class="section" aria-labelledby="rules">
          <h2 id="rules">${words.rules}</h2>
          <ul class="previews">
            ${rules.map((rule) => html`<li>${preview(site, rule)}</li>`)}
          </ul>
        </section>
      </div>`,
  });
}

/** For an address that names nothing. */
export function notFoundPage(site: Site): string {
  const { notFound } = site.knowing.texts;
  return documentOf(site, {
    title: notFound.title,
    path: '',
    content: html`<div class="head">
      <h1>${notFound.title}</h1>
      <p class="lead">${notFound.lead}</p>
      <p><a href="${linkTo(site, '')}">${notFound.back}</a></p>
    </div>`,
  });
}

/**
 * For a query that is not understood.
 * @param parameters their names, never their values
 */
export function invalidPage(site: Site, parameters: readonly string[]): string {
  const { invalid, notFound } = site.knowing.texts;
  return documentOf(site, {
    title: invalid.title,
    path: '',
    content: html`<div class="head">
      <h1>${invalid.title}</h1>
      <p class="lead">${invalid.lead} ${parameters.join(', ')}</p>
      <p><a href="${linkTo(site, '')}">${notFound.back}</a></p>
    </div>`,
  });
}
