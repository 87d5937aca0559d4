import type { RequestHandler } from 'express';
import { scoreJson } from '../cards/score-json.js';
import { isDeeperThan, isFhirResource, DEEPEST_BODY } from '../cds-hooks/json-value.js';
import type { Problem } from '../cds-hooks/outcome.js';
import type { FhirResource } from '../cds-hooks/types.js';
import { chartExcess } from '../data/chart-bounds.js';
import { localNames, withLiteralReferences } from '../data/local-references.js';
import { foreignPatients, patientAliases } from '../data/patient.js';
import { openingChart } from '../engine/answer.js';
import { prognosisOf, strategyOf } from '../engine/strategy.js';
import { civilDate, type Deployment } from './deployment.js';
import { problem, refuse } from './errors.js';
import { inTurns } from './in-turns.js';
import { isObject } from '../json.js';

type Read =
  | { readonly ok: true; readonly resources: readonly FhirResource[]; readonly patient: string | undefined }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** One patient's chart as a Bundle of any type; several patients are refused. */
function readChart(body: unknown): Read {
  const refused = (path: string, message: string): Read => ({
    ok: false,
    problems: [problem('REQUEST_INVALID', path, message)],
  });
  if (isDeeperThan(body, DEEPEST_BODY)) return refused('', 'is nested too deeply');
  if (!isObject(body) || body['resourceType'] !== 'Bundle') return refused('', 'must be a FHIR Bundle');
  const entries = body['entry'] ?? [];
  if (!Array.isArray(entries)) return refused('Bundle.entry', 'must be a list');
  const read = entries.flatMap((entry: unknown) => {
    if (!isObject(entry) || !isFhirResource(entry['resource'])) return [];
    const fullUrl = entry['fullUrl'];
    return [{ resource: entry['resource'], ...(typeof fullUrl === 'string' && { fullUrl }) }];
  });
  const resources = read.map(({ resource }) => resource);
  const excess = chartExcess(resources);
  if (excess !== undefined) return refused('Bundle.entry', excess);
  const patients = [
    ...new Set(resources.filter(({ resourceType }) => resourceType === 'Patient').map(({ id }) => id)),
  ];
  if (patients.length > 1) return refused('Bundle.entry', 'holds several patients; send one chart at a time');
  const [patient] = patients;
  if (patient !== undefined) {
    const aliases = patientAliases(read, patient);
    const unnamed = new Set(resources.flatMap(localSubjectOf));
    // Two addresses of a Bundle are two patients, also where none says which of them this one is.
    if (foreignPatients(resources, patient, aliases).length > 0 || unnamed.size > 1) {
      return refused('Bundle.entry', 'holds data of another patient');
    }
  } else if (new Set(resources.flatMap((each) => [...subjectOf(each), ...localSubjectOf(each)])).size > 1) {
    return refused('Bundle.entry', 'holds data of several patients');
  }
  return {
    ok: true,
    resources: withLiteralReferences(read, localNames(read)).map(({ resource }) => resource),
    patient: patient ?? resources.flatMap(subjectOf)[0]?.replace(/^.*Patient\//, ''),
  };
}

function subjectOf(resource: FhirResource): readonly string[] {
  const match = /(?:^|\/)Patient\/[A-Za-z0-9.-]{1,64}/.exec(subjectReference(resource));
  return match === null ? [] : [match[0].replace(/^\//, '')];
}

/** The address inside the Bundle of whom a resource is about. */
function localSubjectOf(resource: FhirResource): readonly string[] {
  const reference = subjectReference(resource);
  return reference.startsWith('urn:') ? [reference] : [];
}

function subjectReference(resource: FhirResource): string {
  const subject = resource['subject'] ?? resource['patient'];
  const reference = isObject(subject) ? subject['reference'] : undefined;
  return typeof reference === 'string' ? reference : '';
}

/** `POST /scores`: every score that the chart allows. */
export function scores({ prepared, clock, audit }: Deployment): RequestHandler {
  return async (request, response) => {
    const read = readChart(request.body);
    if (!read.ok) {
      refuse(response, read.problems);
      return;
    }
    if (read.patient !== undefined) audit.about(request, { patientId: read.patient });
    const opened = await inTurns(openingChart(prepared, read.resources, civilDate(clock())));
    const results = await inTurns(opened.scoring());
    const strategy = strategyOf(results, prepared);
    const functionalPrognosis = prognosisOf(opened, strategy, prepared);
    response.type('application/json').send(
      JSON.stringify({
        ...(read.patient !== undefined && { patient: `Patient/${read.patient}` }),
        scores: results.map(scoreJson),
        ...(strategy !== undefined && { strategy }),
        ...(functionalPrognosis !== undefined && { functionalPrognosis }),
      }),
    );
  };
}
