import { readTree, type Comparison, type Tree } from '../fhirpath/tree.js';
import type { Clause, ClauseCase, Phrase } from './clause.js';
import type { Knowing } from './knowing.js';

/** What a part must be for the whole to hold; `not-true` (false, or not known) is what `iif(x, false, true)` asks. */
type Wanted = 'true' | 'false' | 'not-true' | 'not-false';

const negated: Readonly<Record<Wanted, Wanted>> = {
  true: 'false',
  false: 'true',
  'not-true': 'not-false',
  'not-false': 'not-true',
};

const isAffirmed = (wanted: Wanted): boolean => wanted === 'true' || wanted === 'not-false';

const admitsUnknown = (wanted: Wanted): boolean => wanted.startsWith('not-');

const mirrored: Readonly<Record<Comparison, Comparison>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '=': '=',
  '!=': '!=',
};

const opposite: Readonly<Record<Comparison, Comparison>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '=': '!=',
  '!=': '=',
};

/** An expression of the artifacts in words; undefined for one that cannot be read, which is then shown as it is. */
export function conditionInWords(expression: string, knowing: Knowing): Clause | undefined {
  const tree = readTree(expression);
  return tree === undefined ? undefined : clauseOf(tree, 'true', knowing);
}

/** A formula in words, case by case; undefined for one that cannot be read. */
export function formulaInWords(expression: string, knowing: Knowing): Clause | undefined {
  const tree = readTree(expression);
  if (tree === undefined) return undefined;
  return isCondition(tree) ? clauseOf(tree, 'true', knowing) : valueClause(tree, knowing);
}

/** Whether an expression is true or false, and no number or word. */
function isCondition(tree: Tree): boolean {
  if (tree.kind === 'literal') return typeof tree.value === 'boolean';
  if (tree.kind === 'choice')
    return [tree.then, tree.otherwise].some((branch) => branch !== undefined && isCondition(branch));
  return ['all', 'any', 'not', 'compare', 'one-of'].includes(tree.kind);
}

function isLiteral(tree: Tree | undefined, value: boolean): boolean {
  return tree?.kind === 'literal' && tree.value === value;
}

const statement = (...phrases: readonly Phrase[]): Clause => ({ kind: 'statement', phrases });

/** What never holds: none of nothing. */
const never: Clause = { kind: 'any', clauses: [] };

function listed(kind: 'all' | 'any', clauses: readonly Clause[]): Clause {
  if (kind === 'all' && clauses.includes(never)) return never;
  const flat = clauses.flatMap((clause) => (clause.kind === kind ? clause.clauses : [clause]));
  const [only, ...others] = flat;
  return only !== undefined && others.length === 0 ? only : { kind, clauses: flat };
}

function clauseOf(tree: Tree, wanted: Wanted, knowing: Knowing): Clause {
  switch (tree.kind) {
    case 'all':
    case 'any': {
      // A negation turns «all» into «any»: the whole is false, or not known, where one part is.
      const kind = (tree.kind === 'all') === isAffirmed(wanted) ? 'all' : 'any';
      return listed(
        kind,
        tree.parts.map((part) => clauseOf(part, wanted, knowing)),
      );
    }
    case 'not':
      return clauseOf(tree.of, negated[wanted], knowing);
    case 'choice':
      return choiceClause(tree, wanted, knowing);
    case 'compare':
      return comparison(tree, wanted, knowing);
    case 'one-of':
      return membership(tree, wanted, knowing);
    default:
      return answered(valueOf(tree, undefined, knowing, 'leading'), wanted, knowing);
  }
}

type Choice = Extract<Tree, { readonly kind: 'choice' }>;

function choiceClause(tree: Choice, wanted: Wanted, knowing: Knowing): Clause {
  const { when, then, otherwise } = tree;
  // «Is it so? Whatever is not known counts as no.»
  if (isLiteral(then, true) && isLiteral(otherwise, false))
    return clauseOf(when, isAffirmed(wanted) ? 'true' : 'not-true', knowing);
  if (isLiteral(then, false) && isLiteral(otherwise, true))
    return clauseOf(when, isAffirmed(wanted) ? 'not-true' : 'true', knowing);
  if (wanted === 'true' && otherwise !== undefined && isLiteral(then, true))
    return listed('any', [clauseOf(when, 'true', knowing), clauseOf(otherwise, 'true', knowing)]);
  if (wanted === 'true' && otherwise !== undefined && isLiteral(then, false))
    return listed('all', [clauseOf(when, 'not-true', knowing), clauseOf(otherwise, 'true', knowing)]);
  // Without «otherwise» nothing is known where it does not hold, and what is not known does not make it true.
  if (wanted === 'true' && otherwise === undefined) {
    if (isLiteral(then, false)) return never;
    const both = [clauseOf(when, 'true', knowing), clauseOf(then, 'true', knowing)];
    return isLiteral(then, true) ? clauseOf(when, 'true', knowing) : listed('all', both);
  }
  return casesOf(tree, (branch) => clauseOf(branch, wanted, knowing), knowing);
}

/** A chain of `iif` as cases, one after the other. */
function casesOf(tree: Choice, branchOf: (branch: Tree) => Clause, knowing: Knowing): Clause {
  const cases: ClauseCase[] = [];
  let rest: Tree | undefined = tree;
  while (rest?.kind === 'choice') {
    cases.push({ when: clauseOf(rest.when, 'true', knowing), then: branchOf(rest.then) });
    rest = rest.otherwise;
  }
  const otherwise = rest === undefined ? statement(knowing.say('words.notKnown')) : branchOf(rest);
  return { kind: 'cases', cases, otherwise };
}

function answered(subject: readonly Phrase[], wanted: Wanted, { say }: Knowing): Clause {
  const answer = say(isAffirmed(wanted) ? 'words.yes' : 'words.no');
  const orNotKnown = admitsUnknown(wanted) ? [say('words.orNotKnown')] : [];
  return statement(...subject, say('words.colon'), answer, ...orNotKnown);
}

/** How a comparison is called in the keys of its words. */
const relations = {
  '<': 'below',
  '<=': 'atMost',
  '>': 'above',
  '>=': 'atLeast',
  '=': 'equal',
  '!=': 'other',
} as const;

type Compared = Extract<Tree, { readonly kind: 'compare' }>;

function comparison(tree: Compared, wanted: Wanted, knowing: Knowing): Clause {
  const { say } = knowing;
  // «7 < x» reads better from the side of what is measured.
  const turned = tree.left.kind === 'literal' && tree.right.kind !== 'literal';
  const [left, right] = turned ? [tree.right, tree.left] : [tree.left, tree.right];
  const asked = turned ? mirrored[tree.operator] : tree.operator;
  const operator = isAffirmed(wanted) ? asked : opposite[asked];
  const measured = knowing.isDate(nameOf(left)) ? 'dates' : 'numbers';
  const isWords = right.kind === 'literal' && typeof right.value === 'string';
  const compared = isWords || operator === '=' || operator === '!=' ? 'equality' : measured;
  const between = say(`words.${compared}.${relations[operator]}`);
  return statement(
    ...valueOf(left, undefined, knowing, 'leading'),
    say('words.colon'),
    ...(between === '' ? [] : [between, ' ']),
    ...valueOf(right, left, knowing),
    ...(admitsUnknown(wanted) ? [say('words.orNotKnown')] : []),
  );
}

function membership(
  { of, options }: Extract<Tree, { readonly kind: 'one-of' }>,
  wanted: Wanted,
  knowing: Knowing,
): Clause {
  const { say } = knowing;
  const answers = options.map((option) => wordsOf(valueOf(option, of, knowing)));
  return statement(
    ...valueOf(of, undefined, knowing, 'leading'),
    say('words.colon'),
    ...(isAffirmed(wanted) ? [] : [say('words.noneOf'), ' ']),
    knowing.alternatives([...new Set(answers)]),
    ...(admitsUnknown(wanted) ? [say('words.orNotKnown')] : []),
  );
}

const wordsOf = (phrases: readonly Phrase[]): string =>
  phrases.map((phrase) => (typeof phrase === 'string' ? phrase : phrase.words)).join('');

function nameOf(tree: Tree): string | undefined {
  return tree.kind === 'variable' ? tree.name : undefined;
}

/** A value as a clause of its own: what a formula gives, case by case. */
function valueClause(tree: Tree, knowing: Knowing): Clause {
  if (tree.kind === 'choice') return casesOf(tree, (branch) => valueClause(branch, knowing), knowing);
  return statement(...valueOf(tree, undefined, knowing, 'leading'));
}

const signs: Readonly<Record<'+' | '-' | '*' | '/', string>> = { '+': '+', '-': '−', '*': '×', '/': '/' };

/**
 * A value in words.
 * @param beside what it is compared with: a bare number takes its unit, a code is an answer to it
 * @param place where in the statement it stands: a name that leads keeps its capital
 */
function valueOf(
  tree: Tree,
  beside: Tree | undefined,
  knowing: Knowing,
  place: 'leading' | 'within' = 'within',
): readonly Phrase[] {
  switch (tree.kind) {
    case 'variable':
      return [knowing.named(tree.name, place)];
    case 'literal':
      return [knowing.literal(tree.value, beside === undefined ? undefined : nameOf(beside))];
    case 'arithmetic': {
      const { operator, left, right } = tree;
      const isNegative = operator === '-' && left.kind === 'literal' && left.value === 0;
      if (isNegative) return [signs['-'], ...valueOf(right, beside, knowing)];
      return [
        ...operand(left, operator, knowing, place),
        ` ${signs[operator]} `,
        ...operand(right, operator, knowing, 'within'),
      ];
    }
    case 'rounded':
      return valueOf(tree.of, beside, knowing, place);
    case 'choice': {
      const { when, then, otherwise } = tree;
      const { say } = knowing;
      return [
        '(',
        ...valueOf(then, beside, knowing),
        say('words.if'),
        knowing.inLine(clauseOf(when, 'true', knowing)),
        ...(otherwise === undefined ? [] : [say('words.else'), ...valueOf(otherwise, beside, knowing)]),
        ')',
      ];
    }
    default:
      return [knowing.inLine(clauseOf(tree, 'true', knowing))];
  }
}

function operand(
  tree: Tree,
  operator: string,
  knowing: Knowing,
  place: 'leading' | 'within',
): readonly Phrase[] {
  const isLoose = tree.kind === 'arithmetic' && ['+', '-'].includes(tree.operator);
  const inner = valueOf(tree, undefined, knowing, place);
  return isLoose && ['*', '/'].includes(operator) ? ['(', ...inner, ')'] : inner;
}
