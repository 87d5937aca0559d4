import type { Bases } from '../knowledge/canonical-base.js';
import { IntlMessageFormat } from 'intl-messageformat';
import type { Bundle, CodeableConcept, Observation } from 'fhir/r4.js';
import type { Problem } from '../cds-hooks/outcome.js';
import type { Language, Score, Text } from '../knowledge/types.js';
import { classesOf } from '../scores/reachable.js';
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
  const concept = (code: string, display: string): CodeableConcept => ({
    coding: [{ system: scoreSystemAt(canonicalBase), code, display }],
    text: display,
  });
  const components = answered.map(({ item, answer }) => ({
    code: concept(item.id, textIn(item.text, language)),
    valueCodeableConcept: concept(`${item.id}-${answer.code}`, textIn(answer.display, language)),
  }));
  const [grade] = components;
  return {
    resourceType: 'Observation',
    status,
    category: [
      {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'survey' }],
      },
    ],
    code: concept(score.id, textIn(score.title, language)),
    subject: { reference: subject },
    ...(lesion !== undefined && { focus: [{ reference: lesion }] }),
    ...(encounter !== undefined && { encounter: { reference: encounter } }),
    ...(authored !== undefined && { effectiveDateTime: authored }),
    ...(author !== undefined && { performer: [{ reference: author }] }),
    ...(reference !== undefined && { derivedFrom: [{ reference }] }),
    ...(score.grade === true
      ? grade !== undefined && { valueCodeableConcept: grade.valueCodeableConcept }
      : { ...sum(form, context), component: components }),
  };
}

function sum(
  { score, answered, total }: FilledForm,
  { language, phrases }: ExtractContext,
): Pick<Observation, 'valueInteger' | 'interpretation' | 'note'> {
  const complete = answered.length === score.items.length;
  const counted = answered.reduce((points, { answer }) => points + answer.points, 0);
  const [only] = complete ? classesOf(score.classes, [counted]) : [];
  const phrase = textIn(phrases.get('recorded-total'), language);
  const differs = total !== undefined && (!complete || total !== counted);
  return {
    ...(complete && { valueInteger: counted }),
    ...(only !== undefined && { interpretation: [{ text: textIn(only.display, language) }] }),
    ...(differs &&
      phrase !== undefined && {
        note: [{ text: String(new IntlMessageFormat(phrase, language).format({ total })) }],
      }),
  };
}
