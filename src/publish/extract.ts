import type { Bases } from '../knowledge/canonical-base.js';
import { IntlMessageFormat } from 'intl-messageformat';
import type { Bundle, Observation } from 'fhir/r4.js';
import type { Problem } from '../cds-hooks/outcome.js';
import type { Language, Score, ScoreAnswer, ScoreItem, Text } from '../knowledge/types.js';
import { saidOf } from '../scores/observation.js';
import { totalOf, type OpenItem } from '../scores/total.js';
import { scoreSystemAt } from './canonical.js';
import { readForm, type FilledForm } from './filled-form.js';
import { textIn } from '../text.js';

export interface ExtractContext extends Bases {
  readonly scores: ReadonlyMap<string, Score>;
  readonly phrases: ReadonlyMap<string, Text>;
  readonly language: Language;
  readonly newId: () => string;
  /** Address of `/fhir`, where forms may have been read. */
  readonly publishedAt: string;
}

export type Extracted =
  | { readonly ok: true; readonly bundle: Bundle }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * A filled score form as the Observation that holds a score, in a transaction Bundle. The total is
 * the sum of the answers, and there only when every item is answered; one that the form states otherwise is noted.
 */
export function extract(body: unknown, context: ExtractContext): Extracted {
  const read = readForm(body, context);
  if (!read.ok) return read;
  return {
    ok: true,
    bundle: {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          fullUrl: `urn:uuid:${context.newId()}`,
          resource: observation(read.form, context),
          request: { method: 'POST', url: 'Observation' },
        },
      ],
    },
  };
}

function observation(form: FilledForm, context: ExtractContext): Observation {
  const { score, status, subject, answered, authored, author, encounter, lesion, reference } = form;
  const { language, canonicalBase } = context;
  const added = totalOf(
    score,
    score.items.map((item) => openItem(item, answered.find((each) => each.item.id === item.id)?.answer)),
  );
  return {
    resourceType: 'Observation',
    status,
    category: [
      {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'survey' }],
      },
    ],
    subject: { reference: subject },
    ...(lesion !== undefined && { focus: [{ reference: lesion }] }),
    ...(encounter !== undefined && { encounter: { reference: encounter } }),
    ...(authored !== undefined && { effectiveDateTime: authored }),
    ...(author !== undefined && { performer: [{ reference: author }] }),
    ...(reference !== undefined && { derivedFrom: [{ reference }] }),
    // A form is extracted as it was signed: a class is stated with its total, and not by itself.
    ...saidOf(score, answered, added.total === undefined ? {} : added, {
      system: scoreSystemAt(canonicalBase),
      language,
    }),
    ...(score.grade !== true && differing(form, added.total, context)),
  };
}

const openItem = ({ id, answers }: ScoreItem, answer: ScoreAnswer | undefined): OpenItem => ({
  item: id,
  answers: answer === undefined ? [] : [answer.code],
  points: (answer === undefined ? answers : [answer]).map(({ points }) => points),
});

/** A note where the form states another total than its answers give, or one while an item is open. */
function differing(
  { total: stated }: FilledForm,
  total: number | undefined,
  { language, phrases }: ExtractContext,
): Pick<Observation, 'note'> {
  const phrase = textIn(phrases.get('recorded-total'), language);
  if (stated === undefined || stated === total || phrase === undefined) return {};
  return { note: [{ text: String(new IntlMessageFormat(phrase, language).format({ total: stated })) }] };
}
