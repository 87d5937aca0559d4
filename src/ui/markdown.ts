import MarkdownIt from 'markdown-it';

/**
 * Cards' Markdown: raw HTML is text, nothing becomes a link, an image or an address of its own, and no heading competes
 * with those of the page.
 */
const markdown = new MarkdownIt('commonmark', { html: false, linkify: false })
  .enable('table')
  .disable(['link', 'image', 'autolink', 'reference', 'heading', 'lheading', 'code', 'fence']);
// A wide table scrolls inside the card, for the keyboard too.
markdown.renderer.rules['table_open'] = () => '<div class="scroll" tabindex="0" role="group"><table>';
markdown.renderer.rules['table_close'] = () => '</table></div>';

/** A card's detail (GitHub Flavored Markdown) as HTML that is safe to show. */
export function detailMarkup(detail: string): string {
  return markdown.render(detail);
}

/** Words that may hold Markdown, such as a source line, as HTML that is safe to show. */
export function inlineMarkup(text: string): string {
  return markdown.renderInline(text);
}
