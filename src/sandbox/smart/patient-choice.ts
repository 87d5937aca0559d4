import type { FhirResource } from '../fhir/resource.js';
import { elementsAt } from '../fhir/resource.js';

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
}

function nameOf(patient: FhirResource): string {
  const [text] = elementsAt(patient, 'name.text');
  return typeof text === 'string' ? text : (patient.id ?? '');
}

/**
 * The page on which the user of a standalone launch says whose chart is meant: plain HTML without script or style.
 * `action` is the URL that takes the form.
 */
export function patientChoicePage(patients: readonly FhirResource[], action: string): string {
  const buttons = patients.map(
    (patient) =>
      `<li><button name="patient" value="${escaped(patient.id ?? '')}">${escaped(nameOf(patient))}</button></li>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Choose a patient</title></head>
<body><main><h1>Choose a patient · <span lang="fr">Choisir un patient</span></h1>
<form method="post" action="${escaped(action)}"><ul>${buttons.join('')}</ul></form></main></body></html>`;
}
