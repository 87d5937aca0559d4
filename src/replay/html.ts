/** Markup that is safe to stand in a page. */
export interface Markup {
  readonly html: string;
}

/** A text as markup: what is in a chart or a code never becomes an element. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

type Part = string | number | Markup | readonly (string | number | Markup)[];

const isMany = (part: Part): part is readonly (string | number | Markup)[] => Array.isArray(part);

const one = (part: string | number | Markup): string =>
  typeof part === 'object' ? part.html : escaped(String(part));

/** Markup from a template: what is filled in is escaped, unless it is markup itself. */
export function html(fixed: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const filled = parts.map((part) => (isMany(part) ? part.map(one).join('') : one(part)));
  return { html: fixed.map((text, index) => `${text}${filled[index] ?? ''}`).join('') };
}

export const nothing: Markup = { html: '' };

/** A table with headings; numbers stand to the right. */
export function table(
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly (string | number | Markup)[])[],
): Markup {
  const heading = headings.map((text) => html`<th scope="col">${text}</th>`);
  const body = rows.map(
    ([first = '', ...others]) =>
      html`<tr>
        <th scope="row">${first}</th>
        ${others.map((cell) => (typeof cell === 'number' ? html`<td class="n">${cell}</td>` : html`<td>${cell}</td>`))}
      </tr> `,
  );
  return html`<div class="wide">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heading}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}
