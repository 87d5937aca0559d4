import { isFhirId } from '../cds-hooks/schemas/fields.js';
import type { Action, FhirResource, Link, Suggestion } from '../cds-hooks/types.js';
import type { Fact } from '../chart/chart.js';
import { referenceOf } from '../chart/element.js';
import type { ActionTemplate, LinkTemplate, SuggestionTemplate } from '../knowledge/types.js';
import type { Outcome } from '../rules/evaluate.js';
import { completed } from './order-resource.js';
import { fillResource, withElements, type TemplatePlaces } from './resource-template.js';
import type { Wording } from './wording.js';

/** What the request gives to the resources and links of a card. */
export interface CardContext {
  readonly patientId: string;
  readonly userId?: string;
  readonly encounterId?: string;
  readonly today: string;
  readonly publicBaseUrl: string;
  readonly newId: () => string;
  /** The client wants sums as Markdown tables. */
  readonly tables?: boolean;
  /** Told of a card that could not be made; without it, the error is thrown. */
  readonly cardFailed?: (rule: string, why: string) => void;
}

function places(outcome: Outcome, context: CardContext): TemplatePlaces {
  const { lesion, item } = outcome.subject;
  const requester = /^Practitioner(?:Role)?\//.test(context.userId ?? '') ? context.userId : undefined;
  return {
    patient: `Patient/${context.patientId}`,
    user: requester,
    encounter: context.encounterId === undefined ? undefined : `Encounter/${context.encounterId}`,
    today: context.today,
    lesion: lesion?.reference.startsWith('Condition/') === true ? lesion.reference : undefined,
    order: item === undefined ? undefined : referenceOf(item.resource),
  };
}

/** Suggestions of which every action could be written; one whose values are not known is left out. */
export function suggestionsOf(
  templates: readonly SuggestionTemplate[],
  outcome: Outcome,
  context: CardContext,
  wording: Wording,
): readonly Suggestion[] {
  return templates.flatMap((template) => {
    if (outcome.withheld.has(template.id)) return [];
    const actions = template.actions.map((action) => actionOf(action, outcome, context, wording));
    const written = actions.filter((action) => action !== undefined);
    if (written.length < actions.length) return [];
    return [
      {
        label: wording.fill(template.label, {}),
        uuid: context.newId(),
        ...(template.recommended === true && { isRecommended: true }),
        actions: written,
      },
    ];
  });
}

function actionOf(
  template: ActionTemplate,
  outcome: Outcome,
  context: CardContext,
  wording: Wording,
): Action | undefined {
  const description = wording.fill(template.description, {});
  if (template.type === 'create') {
    if (template.resource === undefined) return undefined;
    const resource = fillResource(template.resource, { ...places(outcome, context), description });
    if (!isResource(resource)) return undefined;
    return { type: 'create', description, resource: completed(resource, description, wording) };
  }
  // Update and delete only ever aim at a draft that came with the request (ACT-7), and that can be named.
  const draft =
    template.of === undefined ? outcome.subject.item : onlyDraft(outcome.valueOf(template.of).facts);
  if (draft?.draft !== true || !isFhirId(draft.resource.id)) return undefined;
  if (template.type === 'delete') {
    return { type: 'delete', description, resourceId: `${draft.type}/${draft.resource.id}` };
  }
  const changes = Object.entries(template.set ?? {}).map(([path, input]) => {
    const { possible } = outcome.valueOf(input);
    return [path, possible.length === 1 ? possible[0] : undefined] as const;
  });
  if (changes.some(([, value]) => value === undefined || typeof value === 'object')) return undefined;
  const resource = withElements(draft.resource, Object.fromEntries(changes));
  return resource === undefined
    ? undefined
    : { type: 'update', description, resource: completed(resource, wording.nameOf(draft), wording) };
}

/** The order of this request among facts; of several none is meant. */
function onlyDraft(facts: readonly Fact[]): Fact | undefined {
  const [draft, ...others] = facts.filter((fact) => fact.draft);
  return others.length === 0 ? draft : undefined;
}

function isResource(value: unknown): value is FhirResource {
  return (
    typeof value === 'object' &&
    value !== null &&
    'resourceType' in value &&
    typeof value.resourceType === 'string'
  );
}

/** Links; a SMART link says in `appContext` which score of which lesion is meant (never who the patient is). */
export function linksOf(
  templates: readonly LinkTemplate[],
  outcome: Outcome,
  context: CardContext,
  wording: Wording,
): readonly Link[] {
  return templates.map((template) => {
    const label = wording.fill(template.label, {});
    const url = /^https?:/.test(template.url) ? template.url : `${context.publicBaseUrl}${template.url}`;
    if (template.type === 'absolute') return { label, url, type: 'absolute' };
    const lesion = outcome.subject.lesion?.reference;
    const appContext = JSON.stringify({ score: template.score, lesion });
    return { label, url, type: 'smart', ...(template.score !== undefined && { appContext }) };
  });
}
