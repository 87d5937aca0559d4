import { describe, expect, it } from '@jest/globals';
import { HtmlRenderer, Parser } from 'commonmark';
import MarkdownIt from 'markdown-it';
import { marked } from 'marked';
import { escapeMarkdown, plainText, withoutEscapes } from '../../src/cards/markdown.js';
import { makeCards } from '../../src/cards/cards.js';
import { exampleDay, playRule, resourceOf } from '../../src/engine/examples.js';
import { openCase, epochDayOf } from '../../src/engine/case.js';
import { wordingOf } from '../../src/engine/answer.js';
import { loadMoments } from '../../src/cli/moments.js';
import { completeLanguages as languages } from '../../src/text.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const rules = [...prepared.knowledge.rules.values()];

const parser = new Parser();
const writer = new HtmlRenderer();
const eager = new MarkdownIt({ html: true, linkify: true });

/** What EHRs show Markdown with: CommonMark, GFM, and one that makes a link of whatever looks like an address. */
const renderers: Readonly<Record<string, (text: string) => string>> = {
  commonmark: (text) => writer.render(parser.parse(text)),
  marked: (text) => marked.parse(text, { async: false, gfm: true }),
  'markdown-it': (text) => eager.render(text),
};

/** What a card is made of: paragraphs, lists, words in bold and the source in italics. */
const ours = new Set(['p', 'ul', 'li', 'strong', 'em']);

const tagsIn = (html: string): readonly string[] =>
  [...html.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map(([, name = '']) => name.toLowerCase());

const foreignIn = (text: string): readonly string[] =>
  Object.entries(renderers).flatMap(([name, render]) =>
    tagsIn(render(text)).flatMap((tag) => (ours.has(tag) ? [] : [`${name}: ${tag}`])),
  );

/** Texts that a chart may hold, by accident or on purpose. */
const hostile: readonly string[] = [
  'www.example.org',
  'WWW.EXAMPLE.ORG/a?b=c',
  'see www.example.org.',
  'http://example.org',
  'https://example.org/a(b)',
  'HTTPS://EXAMPLE.ORG',
  'ftp://example.org/file',
  'ftp.example.org',
  'ftps://example.org',
  'sftp://example.org',
  'xmpp:someone@example.org',
  'xmpp:someone@example.org/txt',
  'mailto:someone@example.org',
  'MAILTO:someone@example.org?subject=x',
  'a@b.co',
  'someone.else+tag@mail.example.org',
  'a.b-c_d@a-b.example',
  '//example.org/path',
  'see //example.org',
  '\\\\example.org\\share',
  'example.org',
  'example.com/login',
  'sub.example.co.uk',
  'exämple.org',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'tel:+33123456789',
  'sms:+33123456789',
  'file:///etc/passwd',
  '<https://example.org>',
  '<mailto:a@b.co>',
  '<a@b.co>',
  '<made-up-scheme:xyz>',
  '[click](https://example.org)',
  '[click](javascript:alert(1))',
  '[click](<https://example.org> "title")',
  '[click][ref]',
  '[ref]: https://example.org',
  'x [ref]: https://example.org "t"',
  '[^1] [^1]: note',
  '![x](https://example.org/x.png)',
  '![x][ref]',
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '<b>bold</b>',
  '<a href="https://example.org">x</a>',
  '<!-- comment -->',
  '<?php echo 1 ?>',
  '<![CDATA[x]]>',
  '<!DOCTYPE html>',
  '&lt;b&gt;',
  '&#60;img src=x&#62;',
  'a&commat;b.co',
  '&#104;ttps://example.org',
  '&#x77;ww.example.org',
  '| a | b |\n| --- | --- |\n| 1 | 2 |',
  'a | b\n--- | ---',
  '# heading',
  'heading\n===',
  'heading\n---',
  '- item',
  '1. item',
  '> quote',
  '```\ncode\n```',
  '    code',
  '`code`',
  '~~struck~~',
  '- [ ] task',
  '***',
  '$x$',
  'line  \nbreak',
  'line\\\nbreak',
  'a\u0000b\u202eright to left',
  ':smile: @someone #1',
];

/** As the parts of a card hold such a text: in a line of evidence, in a title, at the start of a line, within a sentence. */
const around: readonly ((text: string) => string)[] = [
  (text) => `- Drug: ${text} (3 Oct 2026); ${text}`,
  (text) => `- **${text}** — ${text}.`,
  (text) => `${text}: check it. ${text}`,
  (text) => `Before “${text}” (${text}) and ${text}.`,
];

describe('text of a chart', () => {
  it('is tried in more than fifty-five ways', () => {
    expect(new Set(hostile).size).toBeGreaterThanOrEqual(55);
  });

  it.each(hostile)('%j is shown as it stands by every renderer', (text) => {
    const written = escapeMarkdown(plainText(text));
    for (const place of around) expect(foreignIn(place(written))).toEqual([]);
    // A summary is plain text; whoever shows it as Markdown all the same makes no link or image of it.
    const summary = withoutEscapes(written);
    for (const [name, render] of Object.entries(renderers)) {
      const active = tagsIn(render(`${summary}: check it`)).filter((tag) =>
        /^(?:a|img|script|table)$/.test(tag),
      );
      expect([name, ...active]).toEqual([name]);
    }
  });

  it.each(['www.example.org', 'a & b', '&lt;b&gt;', '3 < 5 [mg] *', 'AT&T'])(
    '%s is read as written',
    (text) => {
      const shown = eager
        .render(escapeMarkdown(plainText(text)))
        .replace(/<\/?p>|\u200b|\n/g, '')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&');
      expect(shown).toBe(text);
    },
  );
});

const cards = rules.flatMap((rule) =>
  rule.examples.flatMap((example) => {
    const played = playRule(prepared, rule, example).cards;
    return languages.flatMap((language) => played[language].map(({ card }) => ({ rule, card })));
  }),
);

describe('every card of every example, rendered', () => {
  it('holds paragraphs, lists and emphasis: no link, no HTML, no table', () => {
    const found = cards.flatMap(({ rule, card }) =>
      foreignIn(card.detail ?? '').map((what) => `${rule.id}: ${what}`),
    );
    expect([...new Set(found)]).toEqual([]);
  });

  it('has a summary that is no Markdown', () => {
    const found = cards.flatMap(({ rule, card }) =>
      foreignIn(card.summary).map((what) => `${rule.id}: ${what} ${card.summary}`),
    );
    expect([...new Set(found)]).toEqual([]);
  });

  it('joins a folded title and its text by a dash, within one line', () => {
    const { moments, answer } = loadMoments();
    const screens = moments.flatMap((moment) =>
      languages.flatMap((language) => answer(moment, prepared, language).cards),
    );
    const folded = [...cards, ...screens].flatMap(({ card }) =>
      (card.detail ?? '').split('\n').filter((line) => line.startsWith('- **')),
    );
    expect(folded.length).toBeGreaterThan(10);
    for (const line of folded) expect(line).toMatch(/^- \*\*(?:[^*]|\\\*)+\*\*(?: — \S.*)?$/);
  });

  it('ends with the line of its sources', () => {
    for (const { card } of cards) expect(card.detail?.split('\n\n').at(-1)).toMatch(/^\*[^*].*\*$/);
  });
});

/** Every text that an author of the chart may write freely. */
function poisoned(value: unknown, text: string): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => poisoned(each, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]: [string, unknown]) => [
      key,
      typeof child === 'string' && ['text', 'display', 'description', 'title'].includes(key)
        ? text
        : poisoned(child, text),
    ]),
  );
}

describe('a chart whose every text is hostile', () => {
  it.each([
    'www.example.org ftp://example.org a@b.co //example.org',
    '<a href=x>[x](https://example.org) ![y](z)</a> | a | b |',
    '&#60;img&#62; &commat; <https://example.org> `c` **b** https://example.org',
  ])('makes no link, no HTML and no table: %s', (text) => {
    const found = rules.flatMap((rule) =>
      rule.examples.slice(0, 2).flatMap((example) => {
        const compiled = prepared.rules.get(rule.id);
        if (compiled === undefined) return [];
        const resource = (piece: Parameters<typeof resourceOf>[0]): ReturnType<typeof resourceOf> =>
          poisoned(resourceOf(piece, prepared), text) as ReturnType<typeof resourceOf>;
        const { of, memory } = openCase(prepared, {
          resources: (example.chart ?? []).map(resource),
          drafts: (example.drafts ?? []).map(resource),
          missingKeys: new Set(example.missingData ?? []),
          today: epochDayOf(exampleDay),
        });
        const context = {
          patientId: 'p',
          today: exampleDay,
          publicBaseUrl: 'https://cds.example.org',
          newId: () => 'id',
        };
        return languages.flatMap((language) =>
          makeCards(
            compiled.evaluate(of, memory),
            context,
            prepared.knowledge,
            wordingOf(prepared, language),
          ).flatMap(({ card }) => foreignIn(card.detail ?? '').map((what) => `${rule.id}: ${what}`)),
        );
      }),
    );
    expect([...new Set(found)]).toEqual([]);
  });
});
