import type { FhirResource } from '../cds-hooks/types.js';
import { codings, objects, text } from '../chart/element.js';
import type { Wording } from './wording.js';
import { isObject, type JsonObject } from '../json.js';

/**
 * Completes an order that a card creates or changes, so that an EHR can carry it out: what it is and how it is taken in words of the
 * card's language, the standard code first, then the hospital's own, then ours, and the category of a request.
 * @param description what the action says that it does
 */
export function completed(resource: FhirResource, description: string, wording: Wording): FhirResource {
  if (resource.resourceType === 'ServiceRequest') return asRequest(resource, description, wording);
  if (resource.resourceType === 'MedicationRequest') return asPrescription(resource, description, wording);
  const code = resource['code'];
  return isObject(code)
    ? { ...resource, code: { ...named(code, wording), text: text(code['text']) ?? description } }
    : resource;
}

function asRequest(resource: FhirResource, description: string, wording: Wording): FhirResource {
  const code = resource['code'];
  if (!isObject(code)) return resource;
  const { category } = wording.orderOf(codings(code));
  return {
    ...resource,
    ...(category !== undefined && resource['category'] === undefined && { category: [category] }),
    code: { ...named(code, wording), text: text(code['text']) ?? description },
  };
}

function asPrescription(resource: FhirResource, description: string, wording: Wording): FhirResource {
  const drug = resource['medicationCodeableConcept'];
  const dosages = objects(resource['dosageInstruction']);
  return {
    ...resource,
    ...(isObject(drug) && {
      medicationCodeableConcept: { ...named(drug, wording), text: text(drug['text']) ?? description },
    }),
    ...(dosages.length > 0 && {
      dosageInstruction: dosages.map((dosage) => ({
        ...dosage,
        text: dosageText(dosage, wording) ?? description,
      })),
    }),
  };
}

/** Every coding with a display, and the hospital's own code after the standard ones. */
function named(concept: JsonObject, wording: Wording): JsonObject {
  const all = objects(concept['coding']).map((each) => {
    const { system, code, display } = each;
    const isNamed = display !== undefined || typeof system !== 'string' || typeof code !== 'string';
    const found = isNamed ? undefined : wording.displayOf(system, code);
    return found === undefined ? each : { ...each, display: found };
  });
  const { local } = wording.orderOf(codings(concept));
  if (local === undefined) return { ...concept, coding: all };
  const isOurs = ({ system }: JsonObject): boolean =>
    typeof system === 'string' && wording.isOwnSystem(system);
  return {
    ...concept,
    coding: [...all.filter((each) => !isOurs(each)), { ...local }, ...all.filter(isOurs)],
  };
}

/** Dose, route and rhythm in words (`4 mg, intravenous, every 4 weeks`); undefined where the dosage holds none of them. */
function dosageText(dosage: JsonObject, wording: Wording): string | undefined {
  const [rate] = objects(dosage['doseAndRate']);
  const dose = isObject(rate?.['doseQuantity']) ? rate['doseQuantity'] : undefined;
  const amount =
    typeof dose?.['value'] === 'number'
      ? [`${wording.number(dose['value'])}\u00a0${text(dose['unit']) ?? text(dose['code']) ?? ''}`.trim()]
      : [];
  const route = codings(dosage['route']).flatMap(({ code }) =>
    wording.hasPhrase(`route-${code}`) ? [wording.phrase(`route-${code}`)] : [],
  );
  const timing = isObject(dosage['timing']) ? dosage['timing']['repeat'] : undefined;
  const rhythm = isObject(timing) ? rhythmOf(timing, wording) : undefined;
  const parts = [...amount, ...route.slice(0, 1), ...(rhythm === undefined ? [] : [rhythm])];
  return parts.length === 0 ? undefined : parts.join(', ');
}

function rhythmOf(repeat: JsonObject, wording: Wording): string | undefined {
  const { frequency = 1, period, periodUnit } = repeat;
  if (typeof period !== 'number' || typeof frequency !== 'number' || typeof periodUnit !== 'string')
    return undefined;
  const key = `rhythm-${periodUnit}`;
  return wording.hasPhrase(key) ? wording.phrase(key, { frequency, period }) : undefined;
}
