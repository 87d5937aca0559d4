import { parseArgs } from 'node:util';
import type { Prepared } from '../engine/prepare.js';
import { attributesOf } from '../guideline/attributes.js';
import { knowingIn } from '../guideline/knowing.js';
import { newestEdition, shippedGuideline } from '../knowledge/guideline-names.js';
import type { Language } from '../knowledge/types.js';
import { needsOfRule } from '../publish/rule-needs.js';
import { loadPrepared } from '../start.js';
import { runAsProgram, writeBelow } from './program.js';
import { textIn } from '../text.js';

const edition = newestEdition(shippedGuideline());

/** A cell of a table in Markdown. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

/**
 * The source attributes of all rules as a page: those that are the same for all of them once, the others in a table with a
 * line for each rule.
 */
export function attributesPage(prepared: Prepared, language: Language): string {
  const knowing = knowingIn(prepared, language);
  const { say } = knowing;
  const rules = [...prepared.knowledge.rules.values()]
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .map((rule) => ({
      rule,
      attributes: attributesOf(knowing, edition, rule, needsOfRule(prepared.knowledge, rule)),
    }));
  const names = rules[0]?.attributes.map(([name]) => name) ?? [];
  const valuesOf = (index: number): readonly string[] =>
    rules.map(({ attributes }) => attributes[index]?.[1] ?? '');
  const isShared = names.map((_, index) => new Set(valuesOf(index)).size === 1);
  const differing = names.filter((_, index) => isShared[index] === false);
  return `${[
    `# ${say('rule.attributes')}`,
    say('attributes.lead'),
    [
      row([say('rule.attributes'), '']),
      row(['---', '---']),
      ...names.flatMap((name, index) =>
        isShared[index] === true ? [row([name, valuesOf(index)[0] ?? ''])] : [],
      ),
    ].join('\n'),
    [
      row(['', ...differing]),
      row(['---', ...differing.map(() => '---')]),
      ...rules.map(({ rule, attributes }) =>
        row([
          `${textIn(rule.title, language)} (\`${rule.id}\`)`,
          ...attributes.flatMap(([, value], index) => (isShared[index] === false ? [value] : [])),
        ]),
      ),
    ].join('\n'),
  ].join('\n\n')}\n`;
}

/** `attributes [--language CODE] [--overlay X] [--out FILE]`: writes the page, and says where. */
export async function writeAttributes(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      language: { type: 'string', default: 'en' },
      overlay: { type: 'string' },
      out: { type: 'string', default: 'data/source-attributes.md' },
    },
  });
  const prepared = await loadPrepared({ localKnowledge: values.overlay, guidelineEdition: edition });
  const language = prepared.knowledge.languages.find(({ code }) => code === values.language)?.code;
  if (language === undefined) throw new RangeError(`no such language: ${values.language}`);
  await writeBelow(values.out, attributesPage(prepared, language));
  return values.out;
}

await runAsProgram(import.meta.url, async (args) => {
  process.stdout.write(`${await writeAttributes(args)}\n`);
});
