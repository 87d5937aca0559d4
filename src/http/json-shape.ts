import { bounds } from '../bounds.js';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const openBracket = 0x5b;
const closeBrace = 0x7d;
const closeBracket = 0x5d;

const empty = 7;
const hashed = (hash: number, byte: number): number => (Math.imul(hash, 31) + byte) | 0;
const entry = Buffer.from('entry').reduce(hashed, empty);

/** What a JSON text may be made of, so that nothing is parsed that would take many times its size. */
export interface JsonLimits {
  readonly elements: number;
  readonly items: number;
}

/** The bounds for bodies of at most so many bytes. */
export function limitsFor(bodyLimitBytes: number): JsonLimits {
  return {
    elements: Math.ceil(bodyLimitBytes / bounds.bytesPerElement),
    items: Math.ceil(bodyLimitBytes / bounds.bytesPerItem),
  };
}

/**
 * What bound a JSON text breaks, in words that name it; undefined when it keeps them all. One pass over the bytes; whether
 * it is valid JSON is not its business.
 */
export function jsonExcess(text: Uint8Array, { elements, items }: JsonLimits): string | undefined {
  // The names of the members so far, of the object at each level, as one number.
  const shapes = new Int32Array(bounds.nesting + 2);
  const known = new Set<number>();
  const followers = new Map<number, number>();
  // Of each level: the member that was named last, the commas so far, and whether it is the list of entries of a Bundle.
  const names = new Int32Array(bounds.nesting + 2);
  const counts = new Int32Array(bounds.nesting + 2);
  const areEntries = new Uint8Array(bounds.nesting + 2);
  let level = 0;
  let opened = 0;
  let commas = 0;
  let name = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text[index]) {
      case quote: {
        let hash = empty;
        let byte = text[++index];
        while (byte !== quote && byte !== undefined) {
          if (byte === backslash) byte = text[++index] ?? 0;
          hash = hashed(hash, byte);
          byte = text[++index];
        }
        name = hash;
        break;
      }
      case colon: {
        const before = shapes[level] ?? 0;
        const shape = (Math.imul(before, 0x01000193) ^ name) | 0;
        shapes[level] = shape;
        names[level] = name;
        if (!known.has(shape)) {
          known.add(shape);
          const next = (followers.get(before) ?? 0) + 1;
          followers.set(before, next);
          if (known.size > bounds.shapes || next > bounds.nextNames) {
            return `holds objects of more different names than any chart (${bounds.shapes} make-ups, ${bounds.nextNames} at one place)`;
          }
        }
        break;
      }
      case comma:
        commas += 1;
        if (commas > items) return `holds more than ${items} members and items`;
        counts[level] = (counts[level] ?? 0) + 1;
        if ((counts[level] ?? 0) >= bounds.repeats && areEntries[level] !== 1) {
          return `holds a list or object of more than ${bounds.repeats} items that is not the entry of a Bundle`;
        }
        break;
      case openBrace:
      case openBracket:
        opened += 1;
        if (opened > elements) return `holds more than ${elements} objects and lists`;
        level += 1;
        if (level > bounds.nesting + 1) return `is nested deeper than ${bounds.nesting} levels`;
        shapes[level] = 1;
        counts[level] = 0;
        areEntries[level] = text[index] === openBracket && names[level - 1] === entry ? 1 : 0;
        names[level] = 0;
        break;
      case closeBrace:
      case closeBracket:
        if (level > 0) level -= 1;
        break;
      default:
    }
  }
  return undefined;
}
