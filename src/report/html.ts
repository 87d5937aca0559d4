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

/** A number with its unit, or in the manner of a language. */
export interface Figure {
  readonly figure: string;
}

type Cell = string | number | Markup | Figure;

const isFigure = (cell: Cell | undefined): cell is number | Figure =>
  typeof cell === 'number' || (typeof cell === 'object' && 'figure' in cell);

const shownAs = (cell: Cell): string | number | Markup =>
  typeof cell === 'object' && 'figure' in cell ? cell.figure : cell;

/** A table with headings; numbers and what stands above them are to the right. */
export function table(
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
): Markup {
  const heading = headings.map((text, index) => {
    if (text === '') return html`<td></td>`;
    return rows.some((row) => isFigure(row[index]))
      ? html`<th scope="col" class="n">${text}</th>`
      : html`<th scope="col">${text}</th>`;
  });
  const body = rows.map(
    ([first = '', ...others]) =>
      html`<tr>
        <th scope="row">${shownAs(first)}</th>
        ${others.map((cell) => (isFigure(cell) ? html`<td class="n">${shownAs(cell)}</td>` : html`<td>${shownAs(cell)}</td>`))}
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
