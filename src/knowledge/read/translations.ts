import { isComplete } from '../../text.js';
import type { Report } from '../problem.js';
import type { Language } from '../types.js';
import type { Path, Source } from './artifact-file.js';
import { translatedKinds } from './artifacts.js';
import type { Artifact, ArtifactKind, Translations } from './artifacts.js';
import { entriesWithTexts, type PlacedText } from './placed-texts.js';
import { show } from './source.js';

/** A text that a language lacks: it is said in English. */
export interface UntranslatedText {
  readonly language: Language;
  readonly kind: ArtifactKind;
  /** What a translation calls it by. */
  readonly id: string;
  readonly address: string;
  readonly english: string;
  /** `file:line:column` in the artifacts' folder. */
  readonly at: string;
}

/** Adds the texts of further languages to the artifacts that they translate. */
export interface Translator {
  /** A problem of an added text is told where it stands: in the file of its language. */
  readonly translate: <Value>(
    kind: ArtifactKind,
    artifacts: readonly Artifact<Value>[],
  ) => readonly Artifact<Value>[];
  /** After all artifacts: reports what translates nothing. */
  readonly reportUnused: () => void;
}

/** One text of a file of a language. */
interface Given {
  readonly language: Language;
  readonly content: string;
  readonly source: Source;
  /** Its place in that file. */
  readonly path: Path;
}

/** Texts by the kind, entry and address that they are for. */
type Index = Map<string, Given[]>;

const keyOf = (kind: ArtifactKind, id: string, address: string): string => `${kind} ${id} ${address}`;

/** `languages/de/artifacts/rules/imaging.yaml` → `de`, `rule`. */
function placeOf(file: string): { readonly code: Language; readonly kind: ArtifactKind | undefined } {
  const [, code = '', , name = ''] = file.split('/');
  return { code, kind: translatedKinds[name.replace(/\.yaml$/, '')] };
}

/**
 * Takes the files of further languages.
 * @param spoken the languages that have a `language.yaml`
 * @param lacks is told each text that a language lacks
 */
export function translator(
  files: readonly Artifact<Translations>[],
  spoken: readonly Language[],
  { report, lacks }: { readonly report: Report; readonly lacks: (text: UntranslatedText) => void },
): Translator {
  const further = spoken.filter((code) => !isComplete(code));
  const index: Index = new Map();
  for (const file of files) sortIn(file, further, index, report);
  const entries = new Set<string>();
  const used = new Set<string>();
  return {
    translate: (kind, artifacts) =>
      further.length === 0
        ? artifacts
        : artifacts.map(({ source, value }) => {
            const places = new Map<string, Given>();
            for (const { id, texts } of entriesWithTexts(kind, value)) {
              entries.add(`${kind} ${id}`);
              for (const text of texts) {
                const key = keyOf(kind, id, text.address);
                used.add(key);
                add(text, index.get(key) ?? [], places);
                for (const language of further.filter((each) => !text.has(each)))
                  lacks({ language, kind, id, ...whereOf(text, source) });
              }
            }
            return { source: places.size === 0 ? source : withPlaces(source, places), value };
          }),
    reportUnused: () => {
      for (const [key, given] of index) {
        if (used.has(key)) continue;
        const [kind = '', id = ''] = key.split(' ');
        const expected = entries.has(`${kind} ${id}`)
          ? `a text of ${id}`
          : 'the id or name of what it translates';
        for (const { source, path } of given)
          report(source.problemAtKey('NAME_UNKNOWN', path, expected, show(path.at(-1))));
      }
    },
  };
}

/** Sorts the texts of one file in; what stands twice is refused. */
function sortIn(
  { source, value }: Artifact<Translations>,
  further: readonly Language[],
  index: Index,
  report: Report,
): void {
  const { code, kind } = placeOf(source.file);
  if (!further.includes(code)) {
    const expected = isComplete(code)
      ? `no such file: what artifacts say in ${code} stands in them`
      : `languages/${code}/language.yaml beside it`;
    report(source.problem('FILE_UNKNOWN', [], expected, source.file));
    return;
  }
  if (kind === undefined) return;
  for (const [id, given] of Object.entries(value)) {
    const texts: readonly (readonly [string, string, Path])[] =
      typeof given === 'string'
        ? [['', given, [id]]]
        : Object.entries(given).map(([address, content]) => [address, content, [id, address]]);
    for (const [address, content, path] of texts) {
      const key = keyOf(kind, id, address);
      const others = index.get(key) ?? [];
      const twin = others.find((each) => each.language === code && each.content !== '');
      if (twin !== undefined && content !== '') {
        const expected = `a text once; it stands in ${twin.source.file} too`;
        report(source.problemAtKey('ID_REPEATED', path, expected, show(path.at(-1))));
      } else index.set(key, [...others, { language: code, content, source, path }]);
    }
  }
}

function add(text: PlacedText, given: readonly Given[], places: Map<string, Given>): void {
  for (const each of given) {
    if (each.content === '') continue;
    text.add(each.language, each.content);
    places.set([...text.path, each.language].join('.'), each);
  }
}

function whereOf(
  { address, path, english }: PlacedText,
  source: Source,
): Pick<UntranslatedText, 'address' | 'english' | 'at'> {
  const { file, line, column } = source.problem('TEXT_INVALID', path, '', '');
  return { address, english, at: `${file}:${line}:${column}` };
}

/** The source of an artifact that knows where its texts of further languages stand. */
function withPlaces(source: Source, places: ReadonlyMap<string, Given>): Source {
  return {
    ...source,
    problem: (code, path, expected, found, offset) => {
      const given = places.get(path.join('.'));
      return given === undefined
        ? source.problem(code, path, expected, found, offset)
        : given.source.problem(code, given.path, expected, found, offset);
    },
  };
}
