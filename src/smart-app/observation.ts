import type {
  CodeableConcept,
  Observation,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  Reference,
} from 'fhir/r4.js';
import type { BodySite, Language } from '../knowledge/types.js';
import type { Outcome } from './form.js';
import { answerCode, saidOf } from '../scores/observation.js';
import type { ScoreForm } from './knowledge.js';
import { placesOfLabel } from './sites.js';
import type { Subject } from './subject.js';
import { questionnaireUrl, savedFormSystem, scoreSystem } from './systems.js';
import { textIn } from '../text.js';

/** All that a saved form needs besides its answers. */
export interface Saving {
  readonly score: ScoreForm;
  readonly outcome: Outcome;
  readonly subject: Subject;
  readonly sites: readonly BodySite[];
  readonly patient: string;
  /** `Practitioner/…`, when the EHR says who is signed in. */
  readonly author?: string;
  /** `Encounter/…`, when the EHR launched the app in one. */
  readonly encounter?: string;
  /** FHIR dateTime of the assessment. */
  readonly effective: string;
  /** The same for every try at saving this form. */
  readonly identifier: string;
  readonly language: Language;
}

function siteConcept(ids: readonly string[], { sites, language }: Saving, text?: string): CodeableConcept {
  const named = sites.filter(({ id }) => ids.includes(id));
  return {
    coding: named.flatMap(({ codes }) =>
      codes.map(({ system, code, display }) => ({ system, code, ...(display !== undefined && { display }) })),
    ),
    text: text ?? named.map(({ display }) => textIn(display, language)).join(', '),
  };
}

const isLesion = (reference: string): boolean => /^(?:BodyStructure|Condition)\//.test(reference);

/** `focus` may name a lesion only; one of which nothing but Observations speak is named by its site. */
function place(saving: Saving): Pick<Observation, 'focus' | 'bodySite'> {
  const { subject, sites } = saving;
  if (subject.kind === 'patient') return {};
  if (subject.kind === 'site') return { bodySite: siteConcept([subject.site], saving) };
  const { reference, site } = subject;
  if (!isLesion(reference) && site !== undefined) {
    return { bodySite: siteConcept(placesOfLabel(site, sites).exact, saving, site) };
  }
  return { focus: [{ reference, ...(site !== undefined && { display: site }) }] };
}

/** Servers of the US Core kind refuse an Observation without a category. */
const survey: CodeableConcept = {
  coding: [
    {
      system: 'http://terminology.hl7.org/CodeSystem/observation-category',
      code: 'survey',
      display: 'Survey',
    },
  ],
};

/**
 * The Observation that holds a score: a component for each answered item, the total only when every item
 * is answered, `focus` on the lesion or the `bodySite`.
 */
export function scoreObservation(saving: Saving): Observation {
  const { score, outcome, patient, author, encounter, effective, identifier, language } = saving;
  const performer: Reference[] = author === undefined ? [] : [{ reference: author }];
  const answered = outcome.items.flatMap(({ item, answer }) =>
    answer === undefined ? [] : [{ item, answer }],
  );
  return {
    resourceType: 'Observation',
    identifier: [{ system: savedFormSystem(score), value: identifier }],
    status: 'final',
    category: [survey],
    subject: { reference: `Patient/${patient}` },
    ...place(saving),
    ...(encounter !== undefined && { encounter: { reference: encounter } }),
    effectiveDateTime: effective,
    ...(performer.length > 0 && { performer }),
    // The id that the server will give the form is not known yet: it is named by its identifier.
    derivedFrom: [
      {
        type: 'QuestionnaireResponse',
        identifier: { system: savedFormSystem(score), value: identifier },
      },
    ],
    ...saidOf(score, answered, outcome, { system: scoreSystem(score), language }),
  };
}

/** Items of the published form beside the score's own: the lesion that is meant, and the total. */
function lesionItem({ subject }: Saving): readonly QuestionnaireResponseItem[] {
  const focus = subject.kind === 'lesion' && isLesion(subject.reference) ? subject.reference : undefined;
  return focus === undefined
    ? []
    : [{ linkId: 'lesion', answer: [{ valueReference: { reference: focus } }] }];
}

function totalItem({ score, outcome }: Saving): readonly QuestionnaireResponseItem[] {
  return outcome.total === undefined || score.grade === true
    ? []
    : [{ linkId: `${score.id}-total`, answer: [{ valueInteger: outcome.total }] }];
}

/** The same answers as a filled form of the published Questionnaire; in progress while an item is unanswered. */
export function filledForm(saving: Saving): QuestionnaireResponse {
  const { score, outcome, patient, author, encounter, effective, identifier, language } = saving;
  const answered = outcome.items.flatMap(({ item, answer }): readonly QuestionnaireResponseItem[] => {
    if (answer === undefined) return [];
    const display = textIn(answer.display, language);
    const valueCoding = { system: scoreSystem(score), code: answerCode(item, answer), display };
    return [{ linkId: item.id, text: textIn(item.text, language), answer: [{ valueCoding }] }];
  });
  return {
    resourceType: 'QuestionnaireResponse',
    identifier: { system: savedFormSystem(score), value: identifier },
    questionnaire: `${questionnaireUrl(score)}|${score.version}`,
    status: outcome.complete ? 'completed' : 'in-progress',
    subject: { reference: `Patient/${patient}` },
    ...(encounter !== undefined && { encounter: { reference: encounter } }),
    authored: effective,
    ...(author !== undefined && { author: { reference: author } }),
    item: [...answered, ...totalItem(saving), ...lesionItem(saving)],
  };
}
