import { inflateSync } from 'node:zlib';

/** The streams and dictionaries of a PDF as Chromium writes it: numbered objects, none packed into streams of objects. */
function objectsIn(pdf: Buffer): ReadonlyMap<string, { readonly head: string; readonly content: string }> {
  const text = pdf.toString('latin1');
  const found = [...text.matchAll(/(\d+) 0 obj\b([\s\S]*?)endobj/g)].map(([, id = '', body = '']) => {
    const start = body.indexOf('stream');
    if (start < 0) return [id, { head: body, content: '' }] as const;
    const head = body.slice(0, start);
    const raw = body.slice(start).replace(/^stream\r?\n/, '');
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? raw.length);
    const bytes = Buffer.from(raw.slice(0, length), 'latin1');
    const content = head.includes('/FlateDecode') ? inflateSync(bytes).toString('latin1') : raw;
    return [id, { head, content }] as const;
  });
  return new Map(found);
}

/** Which letters the numbers of glyphs in a font stand for, from its `ToUnicode` table. */
function lettersOf(table: string): ReadonlyMap<number, string> {
  const letters = new Map<number, string>();
  const hex = (text = ''): number => Number.parseInt(text, 16);
  for (const [, block = ''] of table.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    // One glyph may stand for several letters: «fi».
    for (const [, glyph, letter = ''] of block.matchAll(/<(\w+)>\s*<(\w+)>/g))
      letters.set(
        hex(glyph),
        (letter.match(/\w{4}/g) ?? []).map((code) => String.fromCharCode(hex(code))).join(''),
      );
  }
  for (const [, block = ''] of table.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, first, last, letter] of block.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w{4})>/g)) {
      for (let glyph = hex(first); glyph <= hex(last); glyph += 1)
        letters.set(glyph, String.fromCharCode(hex(letter) + glyph - hex(first)));
    }
  }
  return letters;
}

/** The letters of each page of a PDF that Chromium made, without the spaces between them. */
export function pagesOf(pdf: Buffer): readonly string[] {
  const objects = objectsIn(pdf);
  const all = [...objects.values()];
  const fonts = new Map(
    all.flatMap(({ head }) =>
      [...head.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id = '']) => {
        const table = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id)?.head ?? '')?.[1] ?? '';
        return [name, lettersOf(objects.get(table)?.content ?? '')] as const;
      }),
    ),
  );
  return all
    .filter(({ head }) => /\/Type \/Page\b/.test(head))
    .map(({ head }) => {
      const content = objects.get(/\/Contents (\d+) 0 R/.exec(head)?.[1] ?? '')?.content ?? '';
      let letters: ReadonlyMap<number, string> = new Map();
      let said = '';
      for (const [, font, glyphs] of content.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>/g)) {
        if (font !== undefined) letters = fonts.get(font) ?? new Map();
        for (const [code] of (glyphs ?? '').matchAll(/\w{4}/g))
          said += letters.get(Number.parseInt(code, 16)) ?? '';
      }
      // «fi» may be drawn as one letter.
      return said.replace(/\s/g, '').replace(/[\uFB00-\uFB06]/g, (joined) => joined.normalize('NFKC'));
    });
}
