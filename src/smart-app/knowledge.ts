import type { BodySite, Language, Score, Text } from '../knowledge/types.js';
import type { Bases } from '../knowledge/canonical-base.js';
import { recordsIn } from './element.js';
import { isObject, type JsonObject } from '../json.js';
import { textIn } from '../text.js';

/** A score as the form needs it: what the server decides with (conditions, examples) stays there. */
export type ScoreForm = Pick<
  Score,
  | 'id'
  | 'version'
  | 'title'
  | 'short'
  | 'section'
  | 'per'
  | 'sites'
  | 'items'
  | 'grade'
  | 'worst'
  | 'classes'
  | 'flags'
  | 'subtotals'
  | 'warning'
> &
  Bases;

interface Coding {
  readonly system: string;
  readonly code: string;
}

/** `GET /smart/knowledge.json`. */
export interface AppKnowledge {
  readonly version: string;
  readonly scores: readonly ScoreForm[];
  readonly sites: readonly BodySite[];
  /** Words for codes that the results hold and no score names, such as the surgical strategies. */
  readonly phrases: Readonly<Record<string, Text>>;
  /** Codes of results by the line of the sheet that shows them. */
  readonly sheet: Readonly<Record<string, readonly Coding[]>>;
  /** Service that the summary asks; empty where the server names none. */
  readonly review: string;
  /** The service's own member of a card's `extension`. */
  readonly cardExtension: string;
  /** Evidence older than this many months is marked; without it nothing is. */
  readonly oldEvidenceMonths?: number;
}

function isText(value: unknown): value is Text {
  return isObject(value) && typeof value['en'] === 'string' && typeof value['fr'] === 'string';
}

function isCoded(value: unknown): value is { readonly code: string; readonly display: Text } {
  return isObject(value) && typeof value['code'] === 'string' && isText(value['display']);
}

function isItem(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value['id'] === 'string' &&
    isText(value['text']) &&
    Array.isArray(value['answers']) &&
    value['answers'].every((answer: unknown) => isCoded(answer) && 'points' in answer)
  );
}

function isScore(value: unknown): value is ScoreForm {
  return (
    isObject(value) &&
    typeof value['id'] === 'string' &&
    isText(value['title']) &&
    typeof value['canonicalBase'] === 'string' &&
    typeof value['shippedBase'] === 'string' &&
    (value['per'] === 'lesion' || value['per'] === 'patient') &&
    Array.isArray(value['items']) &&
    value['items'].every(isItem) &&
    Array.isArray(value['classes']) &&
    value['classes'].every(isCoded) &&
    Array.isArray(value['flags'])
  );
}

function isSite(value: unknown): value is BodySite {
  return (
    isObject(value) &&
    typeof value['id'] === 'string' &&
    isText(value['display']) &&
    Array.isArray(value['codes'])
  );
}

function codingIn({ system, code }: JsonObject): readonly Coding[] {
  return typeof system === 'string' && typeof code === 'string' ? [{ system, code }] : [];
}

/** The knowledge of the server, or undefined when the body is something else. */
export function readKnowledge(body: unknown): AppKnowledge | undefined {
  if (!isObject(body)) return undefined;
  const { version, scores, sites, phrases, sheet, review, cardExtension, oldEvidenceMonths } = body;
  if (!Array.isArray(scores) || !scores.every(isScore)) return undefined;
  if (!Array.isArray(sites) || !sites.every(isSite)) return undefined;
  const words = isObject(phrases) ? Object.entries(phrases) : [];
  return {
    version: typeof version === 'string' ? version : '',
    scores,
    sites,
    phrases: Object.fromEntries(words.filter((entry): entry is [string, Text] => isText(entry[1]))),
    sheet: Object.fromEntries(
      Object.entries(isObject(sheet) ? sheet : {}).map(([line, codes]) => [
        line,
        recordsIn(codes).flatMap(codingIn),
      ]),
    ),
    review: typeof review === 'string' ? review : '',
    cardExtension: typeof cardExtension === 'string' ? cardExtension : '',
    ...(typeof oldEvidenceMonths === 'number' && { oldEvidenceMonths }),
  };
}

/** The name of a score where there is little room. */
export function shortTitle({ short, title }: ScoreForm, language: Language): string {
  return textIn(short ?? title, language);
}

/** A class in words; of a grade the classes are the answers. */
export function classText(score: ScoreForm, code: string, language: Language): string {
  const answers = score.items.flatMap((item) => item.answers);
  const known = score.grade === true ? answers : score.classes;
  const named = known.find((candidate) => candidate.code === code);
  return textIn(named?.display, language) ?? code;
}

export type NextSteps =
  { readonly kind: 'none' } | { readonly kind: 'several' } | { readonly kind: 'one'; readonly text: string };

/** What the guideline proposes for all classes that can still come out; `several` while they differ. */
export function nextSteps(
  { classes }: ScoreForm,
  possible: readonly string[],
  language: Language,
): NextSteps {
  const steps = classes
    .filter(({ code }) => possible.includes(code))
    .map(({ next }) => textIn(next, language));
  const [first, ...others] = new Set(steps);
  if (steps.every((step) => step === undefined)) return { kind: 'none' };
  return first === undefined || others.length > 0 ? { kind: 'several' } : { kind: 'one', text: first };
}

/** Whether a score per lesion is meant for this site; a site that could be several counts when one of them does. */
export function isMeantFor(score: ScoreForm, site: BodySite, sites: readonly BodySite[]): boolean {
  if (score.per !== 'lesion') return false;
  const named = score.sites;
  if (named === undefined) return true;
  const covers = ({ id, region }: BodySite): boolean =>
    named.includes(id) || (region !== undefined && named.includes(region));
  return covers(site) || sites.some((other) => site.oneOf?.includes(other.id) === true && covers(other));
}
