import { parseHTML } from 'linkedom';
import { describe, expect, it } from '@jest/globals';
import { entriesOf } from '../../src/guideline/entries.js';
import { indexPage } from '../../src/guideline/index-page.js';
import { knowingIn } from '../../src/guideline/knowing.js';
import { gatheredPage } from '../../src/guideline/plain-pages.js';
import { recommendationPage } from '../../src/guideline/recommendation-page.js';
import { rulePage } from '../../src/guideline/rule-page.js';
import type { Site } from '../../src/guideline/site.js';
import type { Language } from '../../src/knowledge/types.js';
import { completeLanguages as languages } from '../../src/text.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const { knowledge } = prepared;
const entries = entriesOf(knowledge);
const siteIn = (language: Language): Site => ({
  knowing: knowingIn(prepared, language),
  assets: {},
  edition: '2024',
  isLanguageChosen: false,
  prefix: '',
});

/** Little words that only one of the languages has; «an» and «on» are words of both. */
const foreign: Readonly<Record<(typeof languages)[number], RegExp>> = {
  fr: /(?<![\p{L}’'-])(the|of|and|with|not|is|are|from|whether|or|by|was|known|this|no)(?![\p{L}’'-])/giu,
  en: /(?<![\p{L}’'-])(le|la|les|des|du|est|une?|dans|avec|pour|ou|aux?)(?![\p{L}’'-])/giu,
};

interface Looked {
  readonly foreignWords: readonly string[];
  readonly repeatedIds: readonly string[];
  readonly brokenAnchors: readonly string[];
  readonly brokenLinks: readonly string[];
  readonly headings: number;
}

const known = new Set([
  '',
  '/try',
  '/to-complete',
  ...[...knowledge.rules.keys()].map((id) => `/${id}`),
  ...[...knowledge.recommendations.keys()].map((id) => `/recommendations/${id}`),
]);

function look(page: string, language: (typeof languages)[number]): Looked {
  const { document } = parseHTML(page);
  const main = document.querySelector('main');
  if (main === null) throw new Error('a page without main');
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  const links = [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href') ?? '');
  const anchors = links.filter((href) => href.startsWith('#')).map((href) => href.slice(1));
  const pages = links
    .filter((href) => href.startsWith('/guideline'))
    .map((href) => href.split(/[?#]/)[0] ?? '');
  for (const other of main.querySelectorAll('[lang], code')) {
    if (other.getAttribute('lang') !== language) other.remove();
  }
  // Names of products and acts stand as their publisher writes them, in one language.
  for (const line of main.querySelectorAll('.story li')) line.remove();
  return {
    foreignWords: main.textContent.match(foreign[language]) ?? [],
    repeatedIds: ids.filter((id, index) => ids.indexOf(id) !== index),
    brokenAnchors: anchors.filter((anchor) => !ids.includes(anchor)),
    brokenLinks: pages.filter((path) => !known.has(path.slice('/guideline'.length))),
    headings: document.querySelectorAll('h1').length,
  };
}

const sound: Looked = { foreignWords: [], repeatedIds: [], brokenAnchors: [], brokenLinks: [], headings: 1 };

describe.each(languages)('the pages in %s', (language) => {
  const site = siteIn(language);

  it('of every rule are whole, in one language, and lead somewhere', () => {
    const wrong = [...knowledge.rules.values()].flatMap((rule) => {
      const found = look(rulePage(site, rule, ''), language);
      return JSON.stringify(found) === JSON.stringify(sound) ? [] : [{ rule: rule.id, ...found }];
    });
    expect(wrong).toEqual([]);
  });

  it('of every recommendation, of the list and of what is gathered are so too', () => {
    const pages = [
      ...entries.map((entry) => recommendationPage(site, entries, entry)),
      indexPage(site, entries, {}),
      gatheredPage(site),
    ];
    for (const page of pages) expect(look(page, language)).toEqual(sound);
  });
});

describe('the page of a rule', () => {
  const page = (id: string, edition = '2024'): string => {
    const rule = knowledge.rules.get(id);
    if (rule === undefined) throw new Error(`no rule ${id}`);
    return rulePage({ ...siteIn('en'), edition }, rule, '');
  };
  const text = (markup: string): string =>
    (parseHTML(markup).document.querySelector('main')?.textContent ?? '').replace(/\s+/g, ' ');

  it('says when it speaks, with the number in force, its source and its bounds', () => {
    const said = text(page('sins-surgical-opinion'));
    expect(said).toContain('It stays silent if that was already done, ordered or decided');
    expect(said).toContain('of the day of the finding or later: SINS');
    expect(said).toContain('SINS: at least 7');
    expect(said).toContain('2024 edition, section 3.8.1');
    expect(said).toContain('Asked of each bone lesion that lies, or may lie, here: cervical spine');
  });

  it('shows its card in both languages, and that of the unknown', () => {
    const { document } = parseHTML(page('sins-surgical-opinion'));
    const summaries = [...document.querySelectorAll('.card')].map((card) => [
      card.getAttribute('lang'),
      card.querySelector('.card-summary')?.textContent,
    ]);
    expect(summaries).toHaveLength(4);
    expect(summaries[0]).toEqual(['en', 'SINS 10 (T10–T11): ask for a surgical opinion']);
    expect(summaries[1]?.[0]).toBe('fr');
    expect(summaries[1]?.[1]).toContain('demander un avis chirurgical');
  });

  it('tells each example with its outcome and why it is silent', () => {
    const { document } = parseHTML(page('sins-surgical-opinion'));
    const rule = knowledge.rules.get('sins-surgical-opinion');
    const stories = [...document.querySelectorAll('.story')].map((story) =>
      story.textContent.replace(/\s+/g, ' '),
    );
    expect(stories).toHaveLength(rule?.examples.length ?? 0);
    expect(stories[2]).toMatch(/Patient 3: 6 .* Silent because SINS: 6 \(2 Oct 2026\)/);
    expect(stories[3]).toMatch(/Silent because Surgical opinion on this score: yes/);
  });

  it('tells its versions, and says so where it is silent under an older edition', () => {
    expect(text(page('sins-surgical-opinion'))).toContain('1.2.0 21 Nov 2026');
    const later = [...knowledge.rules.values()].find(({ edition }) => edition === '2024');
    expect(text(page(later?.id ?? '', '2022'))).toContain('it came with the 2024 edition');
  });
});

describe('the page of a recommendation', () => {
  it.each([
    ['T-03', 'Why there is no alert'],
    ['T-19', 'It is carried out by this rule:'],
    ['T-18', 'It is carried out by these rules:'],
    ['T-02', 'It has no card of its own: it is said in the text of this card.'],
  ])('%s: %s', (id, words) => {
    const entry = entries.find(({ recommendation }) => recommendation.id === id);
    if (entry === undefined) throw new Error(`no recommendation ${id}`);
    expect(recommendationPage(siteIn('en'), entries, entry)).toContain(words);
  });
});

describe('a rule that the hospital switched off', () => {
  it('has a page that says so', () => {
    const rule = knowledge.rules.get('sins-surgical-opinion');
    if (rule === undefined) throw new Error('no such rule');
    const retired = { ...rule, status: 'retired' as const };
    const local = {
      ...prepared,
      knowledge: {
        ...knowledge,
        rules: new Map([...knowledge.rules, [rule.id, retired]]),
        overrides: [
          { kind: 'rule', name: rule.id, file: 'rules.yaml', from: 'active', to: 'retired' } as const,
        ],
      },
      rules: new Map([...prepared.rules].filter(([id]) => id !== rule.id)),
    };
    const page = rulePage({ ...siteIn('en'), knowing: knowingIn(local, 'en') }, retired, '');
    expect(page).toContain('Switched off by this hospital');
    expect(page).toContain('None of its examples shows a card on this server.');
  });
});

describe('a hospital’s own knowledge', () => {
  it('stands beside what was shipped: its number with its reason, its codes', async () => {
    const local = await shippedPrepared({ LOCAL_KNOWLEDGE: 'fixtures/local-hospital' });
    const site: Site = { ...siteIn('en'), knowing: knowingIn(local, 'en') };
    const setting = local.knowledge.overrides.find(({ kind }) => kind === 'setting');
    const using = [...local.knowledge.rules.values()]
      .map((rule) => rulePage(site, rule, ''))
      .filter((page) => page.includes('set by this hospital'));
    expect(setting).toBeDefined();
    expect(using.length).toBeGreaterThan(0);
    expect(using[0]).toContain(setting?.reason ?? 'no reason');
    expect(using.join()).toContain('added by this hospital');
  });
});
