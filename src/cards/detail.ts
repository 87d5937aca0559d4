/**
 * What a card says below its summary, in the order in which it is read: what was found, why it matters and what to do; the facts;
 * the sums; what comes after; remarks; what could not be checked; the source.
 */
export interface Parts {
  readonly lead: string | undefined;
  readonly evidenceHeading: string;
  readonly evidence: readonly EvidenceLine[];
  /** What was looked for and not found, in one line. */
  readonly absent: (titles: readonly string[]) => string;
  /** One line for each score. */
  readonly scores: readonly string[];
  /** The same as tables, for clients that want them. */
  readonly tables: () => readonly string[];
  readonly thenHeading: string;
  readonly then: readonly Folded[];
  readonly caveats: readonly string[];
  readonly unchecked: readonly string[];
  readonly source: string;
}

/** A line from the chart; `absent`: what was looked for and is not there. */
export interface EvidenceLine {
  readonly line: string;
  readonly absent?: string;
}

/** Advice that is folded into the card of a graver one. */
export interface Folded {
  readonly title: string;
  readonly text: string | undefined;
}

/** Lengths in words: a card is read in ten seconds. */
const longestLead = 60;
const usual = 150;
const most = 240;

/** Lines from the chart that a card shows at most. */
export const mostEvidence = 5;

/** How a card's text gives way to its length, one step after the other. */
interface Room {
  /** Sums of scores. */
  readonly scores: number;
  readonly foldedTexts: boolean;
  readonly folded: number;
  readonly caveats: number;
  readonly evidence: number;
}

const rooms: readonly Room[] = [
  { foldedTexts: true, folded: 12, caveats: 6, evidence: mostEvidence, scores: 12 },
  { foldedTexts: false, folded: 12, caveats: 6, evidence: mostEvidence, scores: 12 },
  { foldedTexts: false, folded: 6, caveats: 2, evidence: 4, scores: 4 },
  { foldedTexts: false, folded: 4, caveats: 1, evidence: 3, scores: 1 },
];

/**
 * Writes the detail of a card.
 * @param said what other cards of the answer say already: a caveat, a sum and a line of evidence stand once in an answer; what this
 *   one says is added
 */
export function writeDetail(parts: Parts, said: Set<string>, withTables: boolean): string {
  const unsaid = (lines: readonly string[]): readonly string[] => lines.filter((line) => !said.has(line));
  const [lead, ...more] = inParagraphs(parts.lead);
  const evidence = parts.evidence.filter(({ line }) => !said.has(line));
  const fresh = {
    ...parts,
    lead,
    evidence: withAbsentInOne(evidence, parts.absent),
    scores: unsaid(withTables ? parts.tables() : parts.scores),
    caveats: unsaid([...more, ...parts.caveats]),
  };
  for (const { line } of evidence) said.add(line);
  for (const line of [...fresh.scores, ...fresh.caveats]) said.add(line);
  return fitting(fresh);
}

/** What is not there stands in one line, at the place of the first. */
function withAbsentInOne(lines: readonly EvidenceLine[], inOne: Parts['absent']): readonly string[] {
  const titles = lines.flatMap(({ absent }) => absent ?? []);
  if (titles.length < 2) return lines.map(({ line }) => line);
  const [first] = lines.filter(({ absent }) => absent !== undefined);
  return lines.flatMap((each) => {
    if (each === first) return [inOne(titles)];
    return each.absent === undefined ? [each.line] : [];
  });
}

/** What a detail is written from, its evidence put into lines. */
type Written = Omit<Parts, 'evidence'> & { readonly evidence: readonly string[] };

/** In the first room of a usual length, else in the first that is not too long; most cards fit the first of all. */
function fitting(parts: Written): string {
  let longer: string | undefined;
  let text = '';
  for (const room of rooms) {
    text = textIn(parts, room);
    const words = wordsIn(text);
    if (words <= usual) return text;
    if (words <= most) longer ??= text;
  }
  return longer ?? text;
}

function textIn(parts: Written, { foldedTexts, folded, caveats, evidence, scores }: Room): string {
  const then = parts.then
    .slice(0, folded)
    .map(({ title, text }) => `- **${title}**${text === undefined || !foldedTexts ? '' : ` — ${text}`}`);
  const paragraphs = [
    parts.lead,
    listed(
      parts.evidenceHeading,
      parts.evidence.slice(0, evidence).map((line) => `- ${line}`),
    ),
    ...parts.scores.slice(0, scores),
    listed(parts.thenHeading, then),
    ...parts.caveats.slice(0, caveats),
    ...parts.unchecked,
    parts.source,
  ];
  return paragraphs.filter((paragraph) => paragraph !== undefined && paragraph !== '').join('\n\n');
}

/** The line of the sources, with which a detail ends. */
const sourceParagraph = /\n\n\*(?!\*)[^\n]*\*$/u;

/** A detail with one more paragraph, which stands above the line of the sources. */
export function aboveSource(detail: string, paragraph: string): string {
  const at = detail.search(sourceParagraph);
  const end = at < 0 ? detail.length : at;
  return `${detail.slice(0, end)}\n\n${paragraph}${detail.slice(end)}`.trim();
}

const listed = (heading: string, lines: readonly string[]): string | undefined =>
  lines.length === 0 ? undefined : `${heading}\n\n${lines.join('\n')}`;

const inWord = /[\p{L}\p{N}]/gu;
const afterWord = /\s/gu;

/** Words as a reader counts them: marks of Markdown alone are none. */
export function wordsIn(text: string): number {
  let count = 0;
  inWord.lastIndex = 0;
  while (inWord.test(text)) {
    count++;
    afterWord.lastIndex = inWord.lastIndex;
    if (!afterWord.test(text)) break;
    inWord.lastIndex = afterWord.lastIndex;
  }
  return count;
}

/** A text by its sentences. */
export const sentencesOf = (text: string): readonly string[] => text.split(/(?<=[.!?»)*])\s+(?=[\p{Lu}«*])/u);

/** The first sentences, as many as a first paragraph holds, and the rest as a remark of its own. */
function inParagraphs(text: string | undefined): readonly string[] {
  if (text === undefined || wordsIn(text) <= longestLead) return text === undefined ? [] : [text];
  const [whole = ''] = text.split(/\n\n/u);
  const sentences = sentencesOf(whole);
  let count = 0;
  let words = 0;
  for (const sentence of sentences) {
    words += wordsIn(sentence);
    if (words > longestLead && count > 0) break;
    count++;
  }
  const first = sentences.slice(0, count).join(' ');
  const rest = text
    .slice(text.indexOf(sentences[count - 1] ?? '') + (sentences[count - 1] ?? '').length)
    .trim();
  return rest === '' ? [first] : [first, rest];
}
