import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { validate } from '../../src/cli/validate.js';
import { toTranslate } from '../../src/cli/untranslated.js';
import { wordsOf } from '../../src/knowledge/catalogues.js';
import type { ArtifactFile } from '../../src/knowledge/read/artifact-file.js';
import { textIn } from '../../src/text.js';
import { invented, spokenWith } from '../words/invented.js';
import { buildSound, messages, soundFolder } from './sound-artifacts.js';

/** An invented language, in invented words. */
const language = { path: 'languages/xx/language.yaml', text: 'code: xx\nname: Xanxa\nlocale: de-DE\n' };
const file = (name: string, text: string): ArtifactFile => ({
  path: `languages/xx/artifacts/${name}.yaml`,
  text,
});

const rule = (text: string) => file('rules', `dental-assessment:\n${text}`);

describe('a further language', () => {
  it('is added to the artifacts that it translates, by their names and the keys that lead to a text', async () => {
    const result = await buildSound([
      language,
      rule('  title: Dentorum\n  card.summary: Nilo dentorum {dentalAssessmentAge}\n'),
      file('rules/suggestions', 'dental-assessment:\n  card.suggestions.assessment.label: Mandu dentorum\n'),
      file(
        'scores',
        'mini: { items.mini-pain.answers.mechanical.display: Mekani, flags.MIN-1.text: Nilo dol }',
      ),
      file('phrases', "then-heading: Guidorum\n'yes': ya\n"),
      file('override-reasons', 'urgent: Urgu'),
      file('topics', 'dental: { title: Dento }'),
      file('value-sets', 'mini: { title: Skoro mini }'),
    ]);
    expect(messages(result)).toEqual([]);
    if (!result.ok) throw new Error();
    const { rules, scores, phrases, overrideReasons, topics, valueSets } = result.knowledge;
    const { title, card, unknown } = rules.get('dental-assessment') ?? {};
    expect(textIn(title, 'xx')).toBe('Dentorum');
    expect(textIn(card?.summary, 'xx')).toBe('Nilo dentorum {dentalAssessmentAge}');
    expect(textIn(card?.suggestions?.[0]?.label, 'xx')).toBe('Mandu dentorum');
    expect(textIn(unknown?.summary, 'xx')).toBe('Dental assessment not documented');
    const mini = scores.get('mini');
    expect(mini?.items[0]?.answers.map(({ display }) => textIn(display, 'xx'))).toEqual(['None', 'Mekani']);
    expect(textIn(mini?.flags[0]?.text, 'xx')).toBe('Nilo dol');
    expect(['then-heading', 'yes', 'no'].map((key) => textIn(phrases.get(key), 'xx'))).toEqual([
      'Guidorum',
      'ya',
      'no',
    ]);
    expect(textIn(overrideReasons.get('urgent')?.display, 'xx')).toBe('Urgu');
    expect(textIn(topics.get('dental')?.title, 'xx')).toBe('Dento');
    expect(JSON.stringify(valueSets.get('mini'))).toContain('"valueString":"Skoro mini"');
    const lacks = result.untranslated.map(({ id, address }) => `${id} ${address}`);
    expect(lacks).toContain('dental-assessment unknown.summary');
    expect(lacks).not.toContain('dental-assessment card.summary');
  });

  it('is checked as English and French are, and each mistake is told where it stands', async () => {
    const long = 'na '.repeat(50).trim();
    const result = await buildSound([
      language,
      rule(`  title: <b>Dentorum</b>\n  card.summary: ${long}\n  unknown.summary: Nilo {dentorum}\n`),
      file('phrases', 'evidence-line: "{title}"\nunit-mo: "{n"\n'),
    ]);
    expect(messages(result)).toEqual([
      'languages/xx/artifacts/phrases.yaml:1:17 TEXT_INVALID evidence-line: expected the placeholders of the English: {said} {title}, found {title}',
      expect.stringContaining(
        'languages/xx/artifacts/phrases.yaml:2:11 TEXT_INVALID unit-mo: expected an ICU message',
      ),
      'languages/xx/artifacts/rules.yaml:2:10 TEXT_INVALID dental-assessment.title: expected no HTML, found <b>',
      'languages/xx/artifacts/rules.yaml:3:17 TEXT_INVALID dental-assessment.card.summary: expected the placeholders of the English: {dentalAssessmentAge}, found no placeholder',
      'languages/xx/artifacts/rules.yaml:3:17 TEXT_INVALID dental-assessment.card.summary: expected fewer than 140 characters, found 149 characters',
      'languages/xx/artifacts/rules.yaml:4:20 TEXT_INVALID dental-assessment.unknown.summary: expected the placeholders of the English: no placeholder, found {dentorum}',
      'languages/xx/artifacts/rules.yaml:4:20 TEXT_INVALID dental-assessment.unknown.summary: expected the name of an input or setting, found {dentorum}',
    ]);
  });

  it('is refused where it translates nothing, twice, or a language that stands in the artifacts', async () => {
    const result = await buildSound([
      language,
      file('rules', 'dental-assessment:\n  card.label: Na\nno-rule:\n  title: Na\n'),
      file('phrases', "'yes': ya\n"),
      file('phrases/more', "'yes': yo\n"),
      { path: 'languages/fr/artifacts/rules.yaml', text: 'dental-assessment: { title: Na }' },
      { path: 'languages/zz/artifacts/rules.yaml', text: 'dental-assessment: { title: Na }' },
      file('rule', 'dental-assessment: { title: Na }'),
    ]);
    expect(messages(result)).toEqual([
      expect.stringContaining(
        'languages/fr/artifacts/rules.yaml:1:1 FILE_UNKNOWN expected no such file: what artifacts say in fr',
      ),
      expect.stringContaining(
        'languages/xx/artifacts/phrases/more.yaml:1:1 ID_REPEATED yes: expected a text once',
      ),
      'languages/xx/artifacts/rule.yaml:1:1 FILE_UNKNOWN expected a file of the layout in README.md, found languages/xx/artifacts/rule.yaml',
      'languages/xx/artifacts/rules.yaml:2:3 NAME_UNKNOWN dental-assessment.card.label: expected a text of dental-assessment, found "card.label"',
      'languages/xx/artifacts/rules.yaml:4:3 NAME_UNKNOWN no-rule.title: expected the id or name of what it translates, found "title"',
      expect.stringContaining(
        'languages/zz/artifacts/rules.yaml:1:1 FILE_UNKNOWN expected languages/zz/language.yaml',
      ),
    ]);
  });
});

describe('words for what no code says', () => {
  it('are looked for in every language', async () => {
    const result = await buildSound([
      language,
      file('names', 'denosumab: [osteostopu]\n'),
      { path: 'names.yaml', text: 'version: 1.0.0\ndenosumab: { en: [denosumab], fr: [dénosumab] }\n' },
    ]);
    expect(messages(result)).toEqual([]);
    expect(result.ok && result.knowledge.names.get('denosumab')).toEqual([
      'denosumab',
      'dénosumab',
      'osteostopu',
    ]);
  });

  it('are refused for a value set that is not there', async () => {
    expect(messages(await buildSound([language, file('names', 'dentorum: [dento]\n')]))).toEqual([
      'languages/xx/artifacts/names.yaml:1:1 NAME_UNKNOWN dentorum: expected the id of a value set, found "dentorum"',
    ]);
  });
});

describe('the words of pages', () => {
  it('are given to be filled in too, and an empty one is said in English', async () => {
    const result = await spokenWith(...invented, {
      path: 'languages/xx/report.yaml',
      text: "title: Xaporta\ncalls: ''\n",
    });
    if (!result.ok) throw new Error(messages(result).join('\n'));
    const { knowledge, untranslated } = result;
    expect(wordsOf(knowledge.catalogues, 'report', 'xx')).toMatchObject({ title: 'Xaporta', calls: 'Calls' });
    const report = toTranslate(knowledge, untranslated, 'xx').get('report.yaml');
    expect(report).toContain("# Calls\ncalls: ''\n");
    expect(report).not.toContain('title:');
  });
});

describe('a hospital’s own wording', () => {
  const overlay = (text: string) => ({ overlay: [{ path: 'texts.yaml', text }] });

  it('may be in any language that the service speaks', async () => {
    const own = 'dental-assessment: { title: { xx: Dentorum nostru } }';
    const result = await buildSound([language, rule('  title: Dentorum\n')], overlay(own));
    expect(messages(result)).toEqual([]);
    if (!result.ok) throw new Error();
    expect(textIn(result.knowledge.rules.get('dental-assessment')?.title, 'xx')).toBe('Dentorum nostru');
    expect(result.knowledge.overrides).toMatchObject([
      { name: 'dental-assessment.title.xx', from: 'Dentorum', to: 'Dentorum nostru' },
    ]);
  });
});

describe('npm run validate', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'translated-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('counts what a language lacks, gives it to be filled in, and takes it back', async () => {
    await cp(soundFolder, folder, { recursive: true });
    const own = join(folder, 'languages/xx');
    const artifacts = join(own, 'artifacts');
    await mkdir(own);
    await writeFile(join(folder, language.path), language.text);
    const lines = async (...args: readonly string[]) => {
      const { exitCode, lines } = await validate(['--folder', folder, ...args]);
      expect(exitCode).toBe(0);
      return lines;
    };
    const [, counted, first] = await lines();
    expect(counted).toMatch(/^untranslated: Xanxa lacks \d+ texts, said in English \(rules 5, scores /);
    expect(first).toBe('  rules/dental/dental-assessment.yaml:4:8 dental-assessment title');

    const given = await lines('--untranslated', 'xx');
    expect(given.slice(0, 2)).toEqual([
      '# languages/xx/artifacts/rules.yaml',
      [
        'dental-assessment:',
        '  # Dental assessment',
        "  title: ''",
        '  # No dental assessment in the last {dentalAssessmentAge}',
        "  card.summary: ''",
        '  # Order the assessment',
        "  card.suggestions.assessment.label: ''",
        '  # Dental assessment',
        "  card.suggestions.assessment.actions.0.description: ''",
        '  # Dental assessment not documented',
        "  unknown.summary: ''",
      ].join('\n'),
    ]);

    await lines('--untranslated', 'xx', '--out', own);
    expect((await lines())[1]).toBe(counted);
    expect((await lines('--untranslated', 'xx', '--out', own))[0]).toBe(
      `${join(artifacts, 'rules.yaml')} is there already, and was not touched: name another folder`,
    );
    for (const name of await readdir(artifacts)) {
      const text = await readFile(join(artifacts, name), 'utf8');
      const filled = text.replace(
        /# (.*)\n( *\S+: )''/g,
        (_, english: string, key: string) => `\n${key}${JSON.stringify(`${english} na`)}`,
      );
      await writeFile(join(artifacts, name), filled);
    }
    expect(await lines()).toEqual([expect.stringMatching(/^valid: /)]);
    expect(await validate(['--folder', folder, '--untranslated', 'zz'])).toEqual({
      exitCode: 1,
      lines: ['there is no languages/zz/language.yaml'],
    });
  });
});
