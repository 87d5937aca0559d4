import { describe, expect, it } from '@jest/globals';
import { detailMarkup, inlineMarkup } from '../../src/ui/markdown.js';

describe('the detail of a card', () => {
  it('is shown in paragraphs, lists and tables', () => {
    const shown = detailMarkup(
      'first\n\n- **one**\n- two\n\n| Item | Points |\n|---|--:|\n| Pain \\| rest | 3 |',
    );
    expect(shown).toMatch(/<p>first<\/p>\s*<ul>\s*<li><strong>one<\/strong><\/li>/);
    expect(shown).toMatch(/<div class="scroll" tabindex="0" role="group"><table>[^]*Pain \| rest/);
  });

  it.each([
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['[click](javascript:alert(1))', '[click](javascript:alert(1))'],
    ['[click](https://example.org)', '[click](https://example.org)'],
    ['![x](https://example.org/x.png)', '![x](https://example.org/x.png)'],
    ['<https://example.org>', '&lt;https://example.org&gt;'],
    ['www.example.org', 'www.example.org'],
    ['# not a heading', '# not a heading'],
  ])('leaves %s as text', (text, shown) => {
    expect(detailMarkup(text).trim()).toBe(`<p>${shown}</p>`);
    expect(inlineMarkup(text)).toBe(shown);
  });

  it('takes the backslash from an escaped sign', () => {
    expect(inlineMarkup(String.raw`1\. a\*b \<c`)).toBe('1. a*b &lt;c');
  });
});
