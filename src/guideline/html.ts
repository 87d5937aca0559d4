/** Markup that is safe to send: made by `html` alone, which escapes every text that it is given. */
export interface Html {
  readonly markup: string;
}

/** What may stand in a template: text is escaped, nothing stands for what is left out. */
export type Content = Html | string | number | false | undefined | readonly Content[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function written(content: Content): string {
  if (content === undefined || content === false) return '';
  if (typeof content === 'string') return content.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);
  if (typeof content === 'number') return String(content);
  return 'markup' in content ? content.markup : content.map(written).join('');
}

/** A piece of a page; texts inside are escaped, for elements and quoted attributes alike. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return { markup: parts.reduce((sofar, part, index) => `${sofar}${written(contents[index - 1])}${part}`) };
}

/** Markup that another renderer has made safe. */
export function safe(markup: string): Html {
  return { markup };
}

/** Pieces with something between them. */
export function joined(pieces: readonly Content[], between: Content): readonly Content[] {
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [between, piece]));
}
