import { parseExpression, type SyntaxNode } from '../fhirpath/syntax.js';
import type { Input } from '../knowledge/types.js';
import type { Kind } from './value.js';

const connectives: ReadonlySet<string> = new Set(['and', 'or', 'xor', 'implies', 'not']);

/**
 * What sort of scalar an input gives, whether or not a value is known.
 * @param inputOf the inputs that expressions name; a setting is a number
 */
export function kindOfInput(input: Input, inputOf: (name: string) => Input | undefined): Kind {
  switch (input.kind) {
    case 'expression': {
      if (input.unit !== undefined || input.date === true) return 'number';
      const parsed = parseExpression(input.expression);
      return parsed.ok ? kindOfNode(parsed.root, inputOf) : 'boolean';
    }
    case 'selected':
      return input.read === 'answer' || input.read === 'display'
        ? 'code'
        : input.read === 'exists' || input.read === 'ongoing' || input.read === 'boolean'
          ? 'boolean'
          : 'number';
    case 'lesions':
      return input.read === 'exists' ? 'boolean' : 'number';
    case 'score':
      return input.part === 'total' ? 'number' : 'code';
    case 'person':
      return input.part === 'age' ? 'number' : 'code';
    case 'elapsed':
      return 'number';
    case 'answered':
    case 'site':
    case 'undecided':
      return 'boolean';
  }
}

function kindOfNode(node: SyntaxNode, inputOf: (name: string) => Input | undefined): Kind {
  const { type, text = '', children } = node;
  if (/^(?:And|Or|Implies|Equality|Inequality|Membership)Expression$/.test(type) || connectives.has(text))
    return 'boolean';
  if (/^(?:Additive|Multiplicative|Polarity)Expression$/.test(type) || type === 'NumberLiteral')
    return 'number';
  if (type === 'StringLiteral') return 'code';
  if (type === 'ExternalConstantTerm') {
    const input = inputOf(text);
    return input === undefined ? 'number' : kindOfInput(input, inputOf);
  }
  // Of a choice, what it gives; of a call, its function; else the term inside.
  const told = type === 'ParamList' ? children[1] : children.at(-1);
  return told === undefined ? 'boolean' : kindOfNode(told, inputOf);
}
