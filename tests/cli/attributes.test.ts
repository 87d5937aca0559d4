import { describe, expect, it } from '@jest/globals';
import { attributesPage } from '../../src/cli/attributes.js';
import { completeLanguages as languages } from '../../src/text.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();

describe.each(languages)('the source attributes (%s)', (language) => {
  const page = attributesPage(prepared, language);
  const tables = page
    .split('\n\n')
    .filter((part) => part.startsWith('|'))
    .map((part) => part.trimEnd().split('\n'));

  it('have a line for each rule, with its version and as many cells as the heading', () => {
    const [, perRule = []] = tables;
    const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
    expect(new Set(perRule.map(cells)).size).toBe(1);
    const wrong = [...prepared.knowledge.rules.values()].filter(
      ({ id, version }) =>
        perRule.filter((line) => line.includes(`(\`${id}\`)`) && line.includes(`version ${version}`))
          .length !== 1,
    );
    expect(wrong).toEqual([]);
    expect(perRule).toHaveLength(prepared.knowledge.rules.size + 2);
  });

  it('say once what is the same for all rules', () => {
    const [shared = []] = tables;
    const words = language === 'en' ? ['Developer', 'Intended use'] : ['Développeur', 'Usage prévu'];
    for (const word of words) expect(shared.filter((line) => line.startsWith(`| ${word} |`))).toHaveLength(1);
  });
});
