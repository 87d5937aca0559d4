import { html, type Content } from './html.js';
import { attemptPath, inLanguage, linkTo, type Site } from './site.js';

/** One page: what stands in its head and where it is. */
export interface Page {
  readonly title: string;
  readonly description?: string;
  /** Path below `/guideline`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly current?: 'all' | 'try';
  readonly content: Content;
}

/** The whole document around a page's content. */
export function documentOf(site: Site, page: Page): string {
  const { knowing, assets, edition } = site;
  const { say, language, prepared } = knowing;
  const { title, description = say('site.strap'), path, query = {}, current, content } = page;
  const { languages } = prepared.knowledge;
  const changes = prepared.knowledge.overrides.length;
  const here = (which: Page['current']): Content => current === which && html` aria-current="page"`;
  return `<!doctype html>\n${
    html`<html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · ${say('site.title')}</title>
        <meta name="description" content="${description}" />
        <meta name="color-scheme" content="light dark" />
        ${languages.map(({ code }) => html`<link rel="alternate" hreflang="${code}" href="${inLanguage(site, path, query, code)}" /> `)}
        ${assets.style !== undefined && html`<link rel="stylesheet" href="${assets.style}" />`}
        ${assets.script !== undefined && html`<script type="module" src="${assets.script}"></script>`}
      </head>
      <body>
        <a class="skip" href="#content">${say('site.skip')}</a>
        <header class="masthead">
          <div class="bar">
            <a class="brand" href="${linkTo(site, '')}"
              ><span class="brand-mark" aria-hidden="true"></span><span>${say('site.title')}</span></a
            >
            <nav class="nav" aria-label="${say('site.navigation')}">
              <a href="${linkTo(site, '')}" ${here('all')}>${say('site.all')}</a>
              <a href="${linkTo(site, attemptPath)}" ${here('try')}>${say('site.try')}</a>
              <span class="languages"
                >${languages
                  .filter(({ code }) => code !== language)
                  .map(
                    ({ code, name }) =>
                      html`<a
                        href="${inLanguage(site, path, query, code)}"
                        lang="${code}"
                        hreflang="${code}"
                        rel="alternate"
                        >${name}</a
                      >`,
                  )}</span
              >
            </nav>
          </div>
        </header>
        <main id="content" class="page" tabindex="-1">${content}</main>
        <footer class="colophon">
          <p>${say('site.footer')}</p>
          <p>
            ${say('site.engine', { edition })}${changes > 0 && html` · ${say('site.local', { count: changes })}`}
          </p>
        </footer>
      </body>
    </html>`.markup
  }\n`;
}
