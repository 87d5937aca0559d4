import type { EngineSetting } from '../knowledge/engine-settings.js';
import { createHash } from 'node:crypto';
import type { Bases } from '../knowledge/canonical-base.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { BodySite, Score, ScoreAnswer, SheetLine, Text } from '../knowledge/types.js';

/** A score as a form needs it: the conditions over the chart and the examples stay here. */
export type ScoreForm = Omit<Score, 'when' | 'examples' | 'items'> &
  Bases & {
    readonly items: readonly (Omit<Score['items'][number], 'answers'> & {
      readonly answers: readonly Omit<ScoreAnswer, 'fact' | 'derived'>[];
    })[];
  };

interface CodeOfSet {
  readonly system: string;
  readonly code: string;
}

function codesOf({ valueSets }: Knowledge, ids: readonly string[]): readonly CodeOfSet[] {
  return ids.flatMap((id) =>
    (valueSets.get(id)?.compose?.include ?? []).flatMap(({ system = '', concept = [] }) =>
      concept.map(({ code }) => ({ system, code })),
    ),
  );
}

/** What the SMART app asks the service for. */
export interface AppKnowledge {
  /** Changes whenever anything that the app shows does. */
  readonly version: string;
  readonly scores: readonly ScoreForm[];
  readonly sites: readonly BodySite[];
  readonly phrases: Readonly<Record<string, Text>>;
  /** Codes of the results that the sheet for the tumour board shows, by line of the sheet. */
  readonly sheet: Readonly<Record<SheetLine, readonly CodeOfSet[]>>;
  /** Service that the summary asks, and the member of its cards' `extension` that is ours. */
  readonly review: string;
  readonly cardExtension: string;
  /** Evidence older than this is marked in the form. */
  readonly oldEvidenceMonths?: number;
}

const oldEvidenceAge: EngineSetting = 'oldEvidenceAge';

/** `GET /smart/knowledge.json`. */
export function appKnowledge(knowledge: Knowledge): AppKnowledge {
  const { scores, bodySites, phrases, settings, guideline } = knowledge;
  const { sheet, roles, cardExtension } = guideline;
  const oldEvidence = settings.get(oldEvidenceAge);
  const held = {
    scores: [...scores.values()].map((score) => scoreForm(score, knowledge)),
    sites: [...bodySites.values()].filter(({ regions }) => regions === undefined),
    phrases: Object.fromEntries(phrases),
    sheet: {
      performance: codesOf(knowledge, sheet.performance),
      kidney: codesOf(knowledge, sheet.kidney),
      calcium: codesOf(knowledge, sheet.calcium),
    },
    review: roles.review,
    cardExtension,
    ...(oldEvidence !== undefined && { oldEvidenceMonths: oldEvidence.value }),
  };
  const version = createHash('sha256').update(JSON.stringify(held)).digest('hex').slice(0, 12);
  return { version, ...held };
}

function scoreForm(score: Score, { canonicalBase, shippedBase }: Bases): ScoreForm {
  const { id, version, title, short, section, per, sites, grade, worst } = score;
  const { classes, flags, subtotals, warning } = score;
  return {
    id,
    canonicalBase,
    shippedBase,
    version,
    title,
    ...(short !== undefined && { short }),
    section,
    per,
    ...(sites !== undefined && { sites }),
    ...(grade !== undefined && { grade }),
    ...(worst !== undefined && { worst }),
    classes,
    flags,
    ...(subtotals !== undefined && { subtotals }),
    ...(warning !== undefined && { warning }),
    items: score.items.map(({ id: item, text, ages, answers }) => ({
      id: item,
      text,
      ...(ages !== undefined && { ages }),
      answers: answers.map(({ code, points, display }) => ({ code, points, display })),
    })),
  };
}
