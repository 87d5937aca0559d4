import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { placesModule } from '../../src/cli/words.js';
import { wordsIn } from '../../src/knowledge/catalogues.js';
import { formatProblem } from '../../src/knowledge/problem.js';
import { readSpoken } from '../../src/knowledge/read/spoken.js';
import { places } from '../../src/words/places.js';
import { invented, spokenWith } from './invented.js';

const { catalogues } = await readSpoken();
const wordsOf = (language: string, name: string): Readonly<Record<string, string>> =>
  catalogues.get(language)?.get(name) ?? {};
const names = Object.keys(places);
const everyFrench = names.flatMap((name) =>
  Object.entries(wordsOf('fr', name)).map(([key, text]) => [`${name} ${key}`, text] as const),
);

/** What both languages call the same. */
const sharedWords = [
  'Actions',
  'Client',
  'Code',
  'Codes',
  'Date',
  'Grade',
  'Information',
  'Moment',
  'Page',
  'Patient',
  'Patients',
  'Score',
  'Scores',
  'Service',
  'Source',
  'Total',
  'Type',
  'Version',
  'Versions',
  'items',
  'ms',
  'patient',
  'section',
  'point  points',
  'code  codes',
];

describe('the catalogues', () => {
  it('are those of which the compiler knows', async () => {
    expect(readFileSync('src/words/places.ts', 'utf8')).toBe(await placesModule());
  });

  it('are none of them left in English', () => {
    const alike = names.flatMap((name) =>
      Object.entries(wordsOf('fr', name)).flatMap(([key, text]) => {
        // Of nothing but placeholders there is nothing to translate.
        const words = text.replace(/\{\w+\}|\{\w+, plural, |\b(?:one|other) \{|\}/g, '').trim();
        return wordsOf('en', name)[key] === text && /\p{L}/u.test(words) ? [words] : [];
      }),
    );
    expect(alike.filter((words) => !sharedWords.includes(words))).toEqual([]);
  });

  it('have in French a no-break space before high punctuation and inside guillemets', () => {
    expect(everyFrench.filter(([, text]) => / [:;!?»%]|« /.test(text))).toEqual([]);
    expect(everyFrench.filter(([, text]) => /\u202f[:»]|«\u202f|\u00a0[;!?%]/.test(text))).toEqual([]);
  });
});

/** Where the words of a page are said. */
const speakers: Readonly<Record<string, readonly string[]>> = {
  app: ['src/smart-app', 'src/http'],
  guideline: ['src/guideline', 'src/cli'],
  replay: ['src/replay'],
  report: ['src/monitoring'],
  published: ['src/publish'],
  sandbox: ['src/sandbox/page'],
};

function sourcesIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

describe('the words of', () => {
  it.each(names)('%s are all said somewhere', (name) => {
    const sources = (speakers[name] ?? []).map(sourcesIn).join('\n');
    // In full, or its beginning with the rest filled in: say(`gender.${gender}`), keyOf('state.', code).
    const isSaid = (key: string): boolean =>
      [`'${key}'`, `"${key}"`].some((said) => sources.includes(said)) ||
      [...key.matchAll(/\./g)]
        .map(({ index }) => key.slice(0, index + 1))
        .some((start) => sources.includes(`\`${start}\${`) || sources.includes(`'${start}'`));
    const isFilledTwice = (key: string): boolean => /^words\.(?:numbers|dates|equality)\./.test(key);
    expect(Object.keys(wordsOf('en', name)).filter((key) => !isSaid(key) && !isFilledTwice(key))).toEqual([]);
  });
});

describe('a further language', () => {
  it('says in English what it has no words for, and counts in English there', async () => {
    const built = await spokenWith(...invented);
    expect(built.ok ? [] : built.problems.map(formatProblem)).toEqual([]);
    if (!built.ok) return;
    const say = wordsIn(built.knowledge, 'guideline', 'xx');
    expect(say('index.title')).toBe('Xommanda');
    expect(say('index.found', { count: 1 })).toBe('1 xomma');
    expect(say('index.lead', { recommendations: 3, rules: 2 })).toBe('2 xuls, 3 xommanda');
    expect(say('rule.codesFound', { count: 0 })).toBe('0 codes');
    expect(wordsIn(built.knowledge, 'replay', 'xx')('title')).toBe('Replay of a population');
  });

  it.each([
    [
      'another place',
      'index.since: seit {year}\n',
      'TEXT_INVALID index.since: expected {edition}, found {year}',
    ],
    ['no place', 'index.since: seit\n', 'TEXT_INVALID index.since: expected {edition}, found no place'],
    [
      'an unknown key',
      'index.new: neu\n',
      'NAME_UNKNOWN index.new: expected a key of the catalogue in en, found index.new',
    ],
    [
      'what is no message',
      "index.since: 'seit {edition'\n",
      'TEXT_INVALID index.since: expected an ICU message',
    ],
    [
      'what a browser cannot fill in',
      "rule.codesFound: '{count, number} Codes'\n",
      'TEXT_INVALID rule.codesFound: expected words, places, choices and plurals',
    ],
  ])('is refused with %s', async (_what, text, problem) => {
    const built = await spokenWith(...invented, { path: 'languages/xx/guideline.yaml', text });
    expect(built.ok ? [] : built.problems.map(formatProblem)).toEqual([
      expect.stringContaining(`languages/xx/guideline.yaml:1:`),
    ]);
    expect(built.ok ? '' : built.problems.map(formatProblem).join()).toContain(problem);
  });

  it('is refused without its language.yaml', async () => {
    const [, ...words] = invented;
    const built = await spokenWith(...words);
    expect(built.ok ? [] : built.problems.map(({ code, file, expected }) => [code, file, expected])).toEqual(
      words.map(({ path }) => ['FILE_MISSING', path, 'language.yaml beside it']).sort(),
    );
  });

  it('is refused with words of a page that there is not', async () => {
    const built = await spokenWith(...invented, { path: 'languages/xx/guidelines.yaml', text: 'a: b\n' });
    expect(built.ok ? [] : built.problems.map(({ code, file }) => [code, file])).toEqual([
      ['FILE_UNKNOWN', 'languages/xx/guidelines.yaml'],
    ]);
  });
});

describe.each(['en', 'fr'])('what is said in %s', (language) => {
  it('is complete or refused', async () => {
    const path = `languages/${language}/report.yaml`;
    const { title = '', ...others } = wordsOf(language, 'report');
    expect(title).not.toBe('');
    const built = await spokenWith({ path, text: JSON.stringify(others) });
    expect(built.ok ? [] : built.problems.map(formatProblem)).toEqual([
      `${path}:1:1 TEXT_INVALID expected words for title, found none`,
    ]);
  });
});
