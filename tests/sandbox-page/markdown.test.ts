import { describe, expect, it } from '@jest/globals';
import { blocksOf, inlineOf } from '../../src/sandbox/page/markdown.js';

describe('a line of a card', () => {
  it('keeps bold, emphasis, code and web links', () => {
    expect(inlineOf('**SINS 10** is *over* `7`, see [the guideline](https://example.org/g)')).toEqual([
      { kind: 'strong', text: 'SINS 10' },
      { kind: 'text', text: ' is ' },
      { kind: 'emphasis', text: 'over' },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: '7' },
      { kind: 'text', text: ', see ' },
      { kind: 'link', text: 'the guideline', url: 'https://example.org/g' },
    ]);
  });

  it.each([
    '<img src=x onerror=alert(1)>',
    '[click](javascript:alert(1))',
    '[data](data:text/html,x)',
    'a * b * c',
  ])('leaves %s as text', (line) => {
    expect(inlineOf(line)).toEqual([{ kind: 'text', text: line }]);
  });

  it('takes the backslash from an escaped sign', () => {
    expect(inlineOf(String.raw`1\. a\*b \<c`)).toEqual([{ kind: 'text', text: '1. a*b <c' }]);
  });
});

describe('the detail of a card', () => {
  it('is cut into headings, paragraphs, lists and tables', () => {
    const detail =
      '# Title\nfirst\nline\n\n- one\n  more\n- two\n\n1. a\n2. b\n\n| Item | Points |\n|---|--:|\n| Pain \\| rest | 3 |\n\nend';
    expect(blocksOf(detail)).toEqual([
      { kind: 'heading', text: 'Title' },
      { kind: 'paragraph', text: 'first line' },
      { kind: 'list', ordered: false, items: ['one more', 'two'] },
      { kind: 'list', ordered: true, items: ['a', 'b'] },
      { kind: 'table', head: ['Item', 'Points'], rows: [['Pain \\| rest', '3']] },
      { kind: 'paragraph', text: 'end' },
    ]);
  });

  it('ends for any text', () => {
    for (const text of ['', '\n\n', '|', '|\n|', '-', '| a |\n|---|', '  indented']) {
      expect(blocksOf(text).length).toBeLessThan(3);
    }
  });
});
