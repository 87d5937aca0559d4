import { bounds } from '../bounds.js';
import { isAbsent, isDeeperThan, DEEPEST_BODY } from '../cds-hooks/json-value.js';
import type { Problem } from '../cds-hooks/outcome.js';
import { isFhirId } from '../cds-hooks/schemas/fields.js';
import { ownUri, type Bases } from '../knowledge/canonical-base.js';
import type { Score, ScoreAnswer, ScoreItem } from '../knowledge/types.js';
import { answerCode, type AnsweredItem } from '../scores/observation.js';
import { canonical, scoreSystemAt } from './canonical.js';
import { classId, lesionId, totalId } from './questionnaires.js';
import { isObject } from '../json.js';

/** A filled score form, read and checked. */
export interface FilledForm {
  readonly score: Score;
  readonly status: 'final' | 'amended';
  readonly subject: string;
  /** FHIR dateTime. */
  readonly authored?: string;
  readonly author?: string;
  readonly encounter?: string;
  /** `BodyStructure/…` or `Condition/…`. */
  readonly lesion?: string;
  /** `QuestionnaireResponse/…`, when the form has an id that FHIR allows. */
  readonly reference?: string;
  readonly answered: readonly AnsweredItem[];
  /** The total that the form's own arithmetic gave. */
  readonly total?: number;
}

/** The form, or all that is wrong with what was sent. */
export type ReadForm =
  | { readonly ok: true; readonly form: FilledForm }
  | { readonly ok: false; readonly problems: readonly Problem[] };

type Json = Readonly<Record<string, unknown>>;
type Report = (path: string, message: string) => void;

/** What a form is read against. */
export interface Forms extends Bases {
  readonly scores: ReadonlyMap<string, Score>;
  /** Address of `/fhir`: forms read from there name it instead of the canonical URL. */
  readonly publishedAt: string;
}

/** Extension of a form on a lesion, for applications that keep the lesion outside the items. */
const lesionExtension = (base: string): string => `${base}/StructureDefinition/lesion`;

const statuses = ['in-progress', 'completed', 'amended', 'stopped'];
const dateTime = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/;

/**
 * Reads a QuestionnaireResponse to one of the published forms, or Parameters that hold it; every problem is listed.
 */
export function readForm(body: unknown, forms: Forms): ReadForm {
  const problems: Problem[] = [];
  const report: Report = (path, message) => {
    if (problems.length < bounds.problems) problems.push({ code: 'REQUEST_INVALID', path, message });
  };
  const response = isDeeperThan(body, DEEPEST_BODY) ? undefined : responseIn(body);
  if (response === undefined) {
    report('', 'must be a QuestionnaireResponse, or Parameters with one as questionnaire-response');
    return { ok: false, problems };
  }
  const excess = excessOf(response);
  if (excess !== undefined) {
    report(excess, `holds more than ${bounds.formItems} items`);
    return { ok: false, problems };
  }
  const { status, authored } = response;
  if (typeof status !== 'string' || !statuses.includes(status)) {
    report('QuestionnaireResponse.status', `must be one of ${statuses.join(', ')}`);
  }
  const score = scoreOf(response['questionnaire'], forms, report);
  const subject = referenceIn(response['subject'], ['Patient']);
  if (subject === undefined) report('QuestionnaireResponse.subject', 'must be a reference to a Patient');
  const isDated =
    typeof authored === 'string' &&
    authored.length <= bounds.token &&
    dateTime.test(authored) &&
    !Number.isNaN(Date.parse(authored));
  if (!isAbsent(authored) && !isDated) report('QuestionnaireResponse.authored', 'must be a FHIR dateTime');
  const read = score === undefined ? undefined : readItems(response, score, forms, report);
  if (problems.length > 0 || score === undefined || subject === undefined || read === undefined) {
    return { ok: false, problems };
  }
  const { id } = response;
  const author = referenceIn(response['author'], performers);
  const encounter = referenceIn(response['encounter'], ['Encounter']);
  return {
    ok: true,
    form: {
      score,
      subject,
      status: status === 'amended' ? 'amended' : 'final',
      ...(isDated && { authored }),
      ...(author !== undefined && { author }),
      ...(encounter !== undefined && { encounter }),
      ...(isFhirId(id) && { reference: `QuestionnaireResponse/${id}` }),
      ...read,
    },
  };
}

const performers = ['Practitioner', 'PractitionerRole', 'Patient', 'RelatedPerson'];

function responseIn(body: unknown): Json | undefined {
  if (!isObject(body)) return undefined;
  if (body['resourceType'] === 'QuestionnaireResponse') return body;
  if (body['resourceType'] !== 'Parameters') return undefined;
  const held = records(body['parameter']).find(({ name }) => name === 'questionnaire-response')?.['resource'];
  return isObject(held) && held['resourceType'] === 'QuestionnaireResponse' ? held : undefined;
}

/** The path of a list that no form has in this length. */
function excessOf(response: Json): string | undefined {
  const items = records(response['item']);
  if (items.length > bounds.formItems) return 'QuestionnaireResponse.item';
  const index = items.findIndex(({ answer }) => records(answer).length > bounds.formItems);
  return index < 0 ? undefined : `QuestionnaireResponse.item[${index}].answer`;
}

function records(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function referenceIn(value: unknown, types: readonly string[]): string | undefined {
  const reference = isObject(value) ? value['reference'] : undefined;
  if (typeof reference !== 'string') return undefined;
  if (reference.length > bounds.token || /\s/.test(reference)) return undefined;
  const type = typeNamed(reference);
  return type !== undefined && types.includes(type) ? reference : undefined;
}

/** The type in `Type/id`, with or without the address of a server before it and a version after it. */
function typeNamed(reference: string): string | undefined {
  const segments = reference.split('/');
  if (segments.at(-2) === '_history') segments.splice(-2);
  const id = segments.pop();
  const type = segments.pop() ?? '';
  const isLiteral = segments.length === 0 || /^https?:\/\/./.test(reference);
  return isLiteral && /^[A-Z][A-Za-z]+$/.test(type) && isFhirId(id) ? type : undefined;
}

/** The score whose form this is. Another first version number is another form; a form of before may lack answers, and each is checked. */
function scoreOf(questionnaire: unknown, forms: Forms, report: Report): Score | undefined {
  const { scores, canonicalBase, publishedAt } = forms;
  const path = 'QuestionnaireResponse.questionnaire';
  const [named, version] = typeof questionnaire === 'string' ? questionnaire.split('|') : [];
  const url = named === undefined ? undefined : ownUri(forms)(named);
  const score = [...scores.values()].find(
    ({ id }) =>
      url === canonical(canonicalBase, 'Questionnaire', id) || url === `${publishedAt}/Questionnaire/${id}`,
  );
  if (score === undefined) report(path, 'must be the canonical URL of a published Questionnaire');
  else if (version !== undefined && form(version) !== form(score.version)) {
    report(path, `is another version of the form; ${score.version} is published`);
  }
  return score;
}

function form(version: string): string {
  return version.split('.')[0] ?? version;
}

function readItems(
  response: Json,
  score: Score,
  bases: Bases,
  report: Report,
): Pick<FilledForm, 'answered' | 'lesion' | 'total'> {
  const answered: AnsweredItem[] = [];
  const seen = new Set<string>();
  const base = bases.canonicalBase;
  const sameUri = ownUri(bases);
  const system = scoreSystemAt(base);
  let total: number | undefined;
  let lesion = lesionFrom(
    records(response['extension']).find(
      ({ url }) => typeof url === 'string' && sameUri(url) === lesionExtension(base),
    ),
  );
  records(response['item']).forEach(({ linkId, answer }, index) => {
    const path = `QuestionnaireResponse.item[${index}]`;
    const answers = records(answer);
    const known = score.items.find(({ id }) => id === linkId);
    if (typeof linkId === 'string' && seen.has(linkId)) report(`${path}.linkId`, 'stands there twice');
    else if (answers.length > 1) report(`${path}.answer`, 'takes one answer');
    else if (known !== undefined) {
      const [given] = answers;
      const chosen =
        given === undefined
          ? undefined
          : answerOf(known, given['valueCoding'], (uri) => sameUri(uri) === system);
      if (chosen !== undefined) answered.push({ item: known, answer: chosen });
      else if (given !== undefined) {
        report(`${path}.answer[0].valueCoding`, `must be a code of ${known.id}-… of ${system}`);
      }
    } else if (linkId === totalId(score.id)) {
      const given = answers[0]?.['valueInteger'];
      if (typeof given === 'number') total = given;
    } else if (linkId === lesionId && score.per === 'lesion') {
      lesion = lesionFrom(answers[0]) ?? lesion;
      if (answers.length > 0 && lesion === undefined) {
        report(`${path}.answer[0].valueReference`, 'must be a reference to a BodyStructure or Condition');
      }
    } else if (linkId !== classId(score.id)) report(`${path}.linkId`, 'is no item of this form');
    if (typeof linkId === 'string') seen.add(linkId);
  });
  if (answered.length === 0) report('QuestionnaireResponse.item', 'holds no answer to extract');
  return {
    answered,
    ...(lesion !== undefined && score.per === 'lesion' && { lesion }),
    ...(total !== undefined && { total }),
  };
}

function lesionFrom(holder: Json | undefined): string | undefined {
  return referenceIn(holder?.['valueReference'], ['BodyStructure', 'Condition']);
}

function answerOf(
  item: ScoreItem,
  coding: unknown,
  isOfScores: (system: string) => boolean,
): ScoreAnswer | undefined {
  const system = isObject(coding) ? coding['system'] : undefined;
  if (!isObject(coding) || typeof system !== 'string' || !isOfScores(system)) return undefined;
  return item.answers.find((answer) => answerCode(item, answer) === coding['code']);
}
