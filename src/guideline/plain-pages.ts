import { html } from './html.js';
import { documentOf } from './layout.js';
import { preview } from './recommendation-page.js';
import { gatheredId, linkTo, rulePath, type Site } from './site.js';
import { speaksWhenUnknown } from '../knowledge/types.js';

/** The page of the card that gathers what is missing: it has no rule of its own. */
export function gatheredPage(site: Site): string {
  const { say, prepared } = site.knowing;
  const rules = [...prepared.knowledge.rules.values()].filter(
    (rule) => rule.for === 'lesions' && speaksWhenUnknown(rule) && rule.status === 'active',
  );
  return documentOf(site, {
    title: say('gathered.title'),
    description: say('gathered.lead'),
    path: rulePath(gatheredId),
    current: 'all',
    content: html`<div class="head">
        <p class="crumbs"><a href="${linkTo(site, '')}">${say('site.all')}</a></p>
        <h1>${say('gathered.title')}</h1>
        <p class="lead">${say('gathered.lead')}</p>
      </div>
      <div class="narrow">
        <section class="section" aria-labelledby="when">
          <h2 id="when">${say('gathered.when')}</h2>
          <p>${say('gathered.whenWords')}</p>
        </section>
        <section class="section" aria-labelledby="rules">
          <h2 id="rules">${say('gathered.rules')}</h2>
          <ul class="previews">
            ${rules.map((rule) => html`<li>${preview(site, rule)}</li>`)}
          </ul>
        </section>
      </div>`,
  });
}

/** For an address that names nothing. */
export function notFoundPage(site: Site): string {
  const { say } = site.knowing;
  return documentOf(site, {
    title: say('notFound.title'),
    path: '',
    content: html`<div class="head">
      <h1>${say('notFound.title')}</h1>
      <p class="lead">${say('notFound.lead')}</p>
      <p><a href="${linkTo(site, '')}">${say('notFound.back')}</a></p>
    </div>`,
  });
}

/**
 * For a query that is not understood.
 * @param parameters their names, never their values
 */
export function invalidPage(site: Site, parameters: readonly string[]): string {
  const { say } = site.knowing;
  return documentOf(site, {
    title: say('invalid.title'),
    path: '',
    content: html`<div class="head">
      <h1>${say('invalid.title')}</h1>
      <p class="lead">${say('invalid.lead')} ${parameters.join(', ')}</p>
      <p><a href="${linkTo(site, '')}">${say('notFound.back')}</a></p>
    </div>`,
  });
}
