import type { Language, SpokenLanguage } from '../knowledge/types.js';
import { html, nothing, type Figure, type Markup } from './html.js';
import { style } from './style.js';

/**
 * A report as one file that needs no network, all languages in it; which is shown is chosen on the page, without any
 * script, and what is shown is what is printed.
 */
export function pageOf(
  language: Language,
  languages: readonly SpokenLanguage[],
  titleIn: (language: Language) => string,
  sectionsIn: (language: SpokenLanguage) => readonly Markup[],
): string {
  const chosen = (each: Language): Markup => (each === language ? html` checked` : nothing);
  const switches = languages.map(
    ({ code, name }) =>
      html`<input type="radio" name="language" id="${code}" ${chosen(code)} /><label
          for="${code}"
          lang="${code}"
          >${name}</label
        > `,
  );
  const mains = languages.map(
    (each) => html`<main lang="${each.code}" class="${each.code}">${sectionsIn(each)}</main> `,
  );
  const shown = languages.map(({ code }) => `body:has(#${code}:checked) main.${code}`).join(', ');
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>${titleIn(language)}</title>
        <style>
          ${{ html: `${style}${shown} { display: block; }\n` }}
        </style>
      </head>
      <body>
        <header>${switches}</header>
        ${mains}
      </body>
    </html>`;
  return `${page.html}\n`;
}

/** What is opened by those who want to see it. */
export const folded = (title: string, content: Markup): Markup =>
  html`<details>
    <summary>${title}</summary>
    ${content}
  </details>`;

/** One figure among those that a report begins with. */
export const fact = (name: string, value: string, more = ''): Markup =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
    <dd class="more">${more}</dd>
  </div>`;

/** A number that stands to the right in a table. */
export const figure = (text: string): Figure => ({ figure: text });

/** Numbers in the manner of a locale; `–` where there is none. */
export function numbersIn(locale: string): (value: number | undefined) => string {
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  return (value) => (value === undefined ? '–' : format.format(value));
}

const longestBarName = 48;

/** What fits beside a bar. */
export function brief(title: string): string {
  return title.length <= longestBarName ? title : `${title.slice(0, longestBarName - 1)}…`;
}
