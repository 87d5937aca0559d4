/** A run of text within a line. Anything that is not recognised stays the text it is. */
export type Inline =
  | { readonly kind: 'text' | 'strong' | 'emphasis' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string };

export type Block =
  | { readonly kind: 'heading' | 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

const inlinePattern =
  /\*\*(.+?)\*\*|__(.+?)__|\*([^*\s][^*]*?)\*|`([^`]+)`|\[([^[\]]+)\]\((https?:\/\/[^\s)]+)\)/g;
const item = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)/s;
const heading = /^#{1,6}\s+(.*)/s;
const tableRule = /^\s*(?:\|\s*)?:?-+:?\s*(?:\|\s*:?-+:?\s*)*(?:\|\s*)?$/;

function unescaped(text: string): string {
  return text.replace(/\\([\\`*_{}[\]()#+\-.!|<>~])/g, '$1');
}

/** The runs of one line of GitHub Flavored Markdown: bold, emphasis, code, http(s) links. HTML stays text. */
export function inlineOf(line: string): readonly Inline[] {
  const runs: Inline[] = [];
  let end = 0;
  for (const match of line.matchAll(inlinePattern)) {
    const [whole, strong, strongToo, emphasis, code, label, url] = match;
    if (match.index > end) runs.push({ kind: 'text', text: unescaped(line.slice(end, match.index)) });
    const bold = strong ?? strongToo;
    if (bold !== undefined) runs.push({ kind: 'strong', text: unescaped(bold) });
    else if (emphasis !== undefined) runs.push({ kind: 'emphasis', text: unescaped(emphasis) });
    else if (code !== undefined) runs.push({ kind: 'code', text: code });
    else if (label !== undefined && url !== undefined) {
      runs.push({ kind: 'link', text: unescaped(label), url });
    }
    end = match.index + whole.length;
  }
  if (end < line.length) runs.push({ kind: 'text', text: unescaped(line.slice(end)) });
  return runs;
}

function cellsOf(line: string): readonly string[] {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

/** The blocks of a card's detail: headings, paragraphs, lists, tables. */
export function blocksOf(markdown: string): readonly Block[] {
  const lines = markdown.replace(/\r\n?/g, '\n').split('\n');
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const closeParagraph = (): void => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', text: paragraph.join(' ') });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const title = heading.exec(line)?.[1];
    const first = item.exec(line);
    if (line.trim() === '') {
      closeParagraph();
    } else if (title !== undefined) {
      closeParagraph();
      blocks.push({ kind: 'heading', text: title });
    } else if (line.includes('|') && tableRule.test(lines[at + 1] ?? '')) {
      closeParagraph();
      const rows: (readonly string[])[] = [];
      at += 2;
      for (; (lines[at] ?? '').includes('|'); at += 1) rows.push(cellsOf(lines[at] ?? ''));
      at -= 1;
      blocks.push({ kind: 'table', head: cellsOf(line), rows });
    } else if (first !== null) {
      closeParagraph();
      const items: string[] = [];
      for (; at < lines.length; at += 1) {
        const next = lines[at] ?? '';
        const found = item.exec(next);
        if (found !== null) items.push(found[2] ?? '');
        else if (/^\s+\S/.test(next)) items.push(`${items.pop() ?? ''} ${next.trim()}`);
        else break;
      }
      at -= 1;
      blocks.push({ kind: 'list', ordered: first[1] !== undefined, items });
    } else {
      paragraph.push(line.trim());
    }
  }
  closeParagraph();
  return blocks;
}
