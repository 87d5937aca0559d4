/** Words that name what a value set is about: by value set id, any number of names in any language. */
export type Names = ReadonlyMap<string, readonly string[]>;

/** Ids of the value sets of which a text names the thing. */
export type NamedIn = (text: string) => ReadonlySet<string>;

interface Phrase {
  readonly words: readonly string[];
  readonly ids: ReadonlySet<string>;
}

const nothing: ReadonlySet<string> = new Set();

/**
 * Finds names in texts: whole words, whatever their accents, case and punctuation. Where names overlap the longest one
 * counts, so that «PET-CT» names no CT.
 * @param setsOf a value set and those that hold all of it
 */
export function indexNames(names: Names, setsOf: (id: string) => ReadonlySet<string>): NamedIn {
  const phrases = new Map<string, { readonly words: readonly string[]; readonly ids: Set<string> }>();
  for (const [id, spellings] of names) {
    for (const spelling of spellings) {
      const words = wordsOf(spelling);
      const key = words.join(' ');
      const phrase = phrases.get(key) ?? { words, ids: new Set<string>() };
      setsOf(id).forEach((each) => phrase.ids.add(each));
      phrases.set(key, phrase);
    }
  }
  const byFirstWord = new Map<string, Phrase[]>();
  const longestFirst = [...phrases.values()].sort((a, b) => b.words.length - a.words.length);
  for (const phrase of longestFirst) {
    const [first = ''] = phrase.words;
    byFirstWord.set(first, [...(byFirstWord.get(first) ?? []), phrase]);
  }

  const search = (text: string): ReadonlySet<string> => {
    const words = wordsOf(text);
    let found = nothing;
    for (let index = 0; index < words.length; index++) {
      const candidates = byFirstWord.get(words[index] ?? '');
      const phrase = candidates?.find((each) =>
        each.words.every((word, step) => word === words[index + step]),
      );
      if (phrase === undefined) continue;
      found = found === nothing ? phrase.ids : new Set([...found, ...phrase.ids]);
      index += phrase.words.length - 1;
    }
    return found;
  };

  // Codes are displayed in the same few words in every chart. What is long is written by hand, and not kept.
  const known = new Map<string, ReadonlySet<string>>();
  return (text) => {
    if (text.length > longestKept) return search(text);
    let found = known.get(text);
    if (found === undefined) {
      if (known.size >= mostKept) known.clear();
      known.set(text, (found = search(text)));
    }
    return found;
  };
}

const longestKept = 60;
const mostKept = 4096;

const ligatures: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae', ß: 'ss' };

/** The words of a text, without accents, in lower case. */
function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[œæß]/g, (letter) => ligatures[letter] ?? letter)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
