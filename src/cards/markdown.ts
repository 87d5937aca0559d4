/**
 * Text from a chart inside GitHub Flavored Markdown: nothing in it may act as markup or HTML (CARD-3, CARD-4).
 * Cut to a length, control characters and line breaks dropped, every character with a meaning escaped.
 */
export function plainText(text: string, limit = 120): string {
  const oneLine = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ').trim();
  return cut(oneLine, limit);
}

/** Most texts have nothing to escape. */
const hasMeaning = /^\d+\.|[\\`*_{}[\]()#+!|~><@&]|\/\/|www\.|\.\p{L}|(?:ftp|mailto|xmpp|https?|tel):/iu;

/** Written between the parts of what a renderer would take for an address: nobody sees it. */
const unseen = '\u200b';

/**
 * Escapes every character that Markdown or HTML gives a meaning, and breaks addresses (`://`, `//host`, `www.`, `a@b`, `mailto:`,
 * `example.org`), so that no text becomes a link in any renderer, and an entity stays as it was written.
 */
export function escapeMarkdown(text: string): string {
  if (!hasMeaning.test(text)) return text;
  return text
    .replace(/[\\`*_{}[\]()#+!|~>]/g, (character) => `\\${character}`)
    .replace(/^(\d{1,9})\.(?=\s|$)/, '$1\\.')
    .replace(/&(?=#|\p{L})/gu, '\\&')
    .replace(/</g, '&lt;')
    .replace(/\b(ftp|mailto|xmpp|https?|tel):/gi, `$1:${unseen}`)
    .replace(/\/\//g, `/${unseen}/`)
    .replace(/(www)\./gi, `$1${unseen}.`)
    .replace(/@/g, `${unseen}@${unseen}`)
    .replace(/(?<=[\p{L}\p{N}-])\.(?=\p{L}{2})/gu, `.${unseen}`);
}

/**
 * Plain text again: the escapes that protect Markdown would be read aloud as backslashes. What would be a link or a tag where
 * somebody shows plain text as Markdown or HTML all the same stays broken.
 */
export function withoutEscapes(text: string): string {
  if (!/[\\&]/.test(text)) return text;
  return text
    .replace(/(?<!\\)&lt;(?=\\?[\p{L}/!?])/gu, '‹')
    .replace(/(?<!\\)&lt;/g, '<')
    .replace(/\\([\\`*_{}[\]()#+!|~>&.])/g, '$1')
    .replace(/\]\(/g, '] (');
}

/** At most `limit` UTF-16 units, never cutting a surrogate pair in two; an ellipsis says that something is missing. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text
    .slice(0, limit - 1)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd();
  return `${kept}…`;
}
