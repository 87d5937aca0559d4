import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { checkExpression } from '../fhirpath/lint.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { loadKnowledge } from '../knowledge/load-knowledge.js';
import { runAsProgram } from './program.js';

const data = 'docs/decisions.yaml';
const page = 'docs/decisions.md';

/** One decision: what carries it out, what holds it, and what of it is still open. */
export interface DecisionLine {
  readonly title: string;
  /** Ids of rules, or paths from the root of the repository. */
  readonly where: readonly string[];
  /** Paths, or `examples of <rule id>`. */
  readonly test?: readonly string[];
  /** `issue` is a key of `issues`. */
  readonly open?: { readonly issue: string; readonly what: string };
}

/** The whole table, by the number of the decision. */
export interface Decisions {
  /** Titles of issues. */
  readonly issues: Readonly<Record<string, string>>;
  readonly decisions: Readonly<Record<string, DecisionLine>>;
}

const text = { type: 'string', minLength: 1 } as const;
const texts = { type: 'array', minItems: 1, items: text } as const;
const isDecisions = new Ajv().compile<Decisions>({
  type: 'object',
  additionalProperties: false,
  required: ['issues', 'decisions'],
  properties: {
    issues: { type: 'object', additionalProperties: text },
    decisions: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['title', 'where'],
        properties: {
          title: text,
          where: texts,
          test: texts,
          open: {
            type: 'object',
            additionalProperties: false,
            required: ['issue', 'what'],
            properties: { issue: text, what: text },
          },
        },
      },
    },
  },
});

/**
 * Reads the table from the repository in which the program runs.
 * @throws TypeError when the file has another form
 */
export async function readDecisions(): Promise<Decisions> {
  const found: unknown = parse(await readFile(data, 'utf8'));
  if (!isDecisions(found)) throw new TypeError(`${data}: ${JSON.stringify(isDecisions.errors)}`);
  return found;
}

const examples = 'examples of ';

/** What the table names and is not there: rules, files, issues, and decisions that nothing holds. */
export function decisionProblems(
  { issues, decisions }: Decisions,
  knowledge: Pick<Knowledge, 'rules'>,
): readonly string[] {
  const isRule = (id: string): boolean => knowledge.rules.get(id)?.status === 'active';
  const isThere = (name: string): boolean => (name.includes('/') ? existsSync(name) : isRule(name));
  return Object.entries(decisions).flatMap(([number, { where, test = [], open }]) => [
    ...where.filter((name) => !isThere(name)).map((name) => `${number}: there is no ${name}`),
    ...test
      .filter((name) =>
        name.startsWith(examples) ? !isRule(name.slice(examples.length)) : !existsSync(name),
      )
      .map((name) => `${number}: there is no test ${name}`),
    ...(test.length === 0 && open === undefined ? [`${number}: neither held by a test nor open`] : []),
    ...(open !== undefined && issues[open.issue] === undefined ? [`${number}: no issue ${open.issue}`] : []),
  ]);
}

const codes = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

const testWords = (test: readonly string[]): string =>
  test
    .map((name) =>
      name.startsWith(examples) ? `${examples}\`${name.slice(examples.length)}\`` : `\`${name}\``,
    )
    .join(', ');

/** The page in Markdown. */
export function decisionsPage({ issues, decisions }: Decisions): string {
  const lines = Object.entries(decisions).map(([number, { title, where, test = [], open }]) => {
    const still = open === undefined ? '' : `«${issues[open.issue] ?? ''}»: ${open.what}`;
    return `| ${number} | ${title} | ${codes(where)} | ${testWords(test)} | ${still} |`;
  });
  const openOnes = Object.values(decisions).filter(({ open }) => open !== undefined).length;
  return [
    '# Clinical decisions, and what holds them',
    '',
    'Written by `npm run decisions` from [decisions.yaml](decisions.yaml); change that file. Examples stand inside the rule that is named,',
    `and are played with the real engine. Of ${lines.length} decisions ${openOnes} are still open in part or as a whole.`,
    '',
    '| No. | Decision | Rule or module | Test | Still open |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}

/** `decisions`: writes the page, and says where. */
export async function writeDecisions(): Promise<string> {
  const decisions = await readDecisions();
  const problems = decisionProblems(decisions, await loadKnowledge({ checkExpression }));
  if (problems.length > 0) throw new TypeError(problems.join('\n'));
  await writeFile(page, decisionsPage(decisions));
  return page;
}

await runAsProgram(import.meta.url, async () => {
  process.stdout.write(`${await writeDecisions()}\n`);
});
