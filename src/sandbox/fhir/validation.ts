import { FhirProblem, type Issue } from './problem.js';
import { elementOf, idPattern, isResource, type FhirResource } from './resource.js';
import { parametersOf } from './search-parameters.js';
import { isObject } from '../../json.js';

const deepest = 64;

const requestStatus = 'draft active on-hold revoked completed entered-in-error unknown';
const resultStatus = 'registered preliminary final amended corrected cancelled entered-in-error unknown';
const eventStatus = 'preparation in-progress not-done on-hold stopped completed entered-in-error unknown';

/**
 * The elements that R4 requires and the statuses that it allows. `medication[x]` stands for a choice of types.
 * This is no profile validation: it catches what would make a demo chart silently wrong.
 */
const rules: Readonly<Record<string, { readonly required?: string; readonly status?: string }>> = {
  Condition: { required: 'subject' },
  BodyStructure: { required: 'patient' },
  Observation: { required: 'status code', status: resultStatus },
  MedicationRequest: {
    required: 'status intent subject medication[x]',
    status: 'active on-hold cancelled completed entered-in-error stopped draft unknown',
  },
  MedicationAdministration: {
    required: 'status subject medication[x] effective[x]',
    status: 'in-progress not-done on-hold completed entered-in-error stopped unknown',
  },
  MedicationStatement: {
    required: 'status subject medication[x]',
    status: 'active completed entered-in-error intended stopped on-hold unknown not-taken',
  },
  Medication: { status: 'active inactive entered-in-error' },
  Procedure: { required: 'status subject', status: eventStatus },
  ServiceRequest: { required: 'status intent subject', status: requestStatus },
  Appointment: {
    required: 'status participant',
    status: 'proposed pending booked arrived fulfilled cancelled noshow entered-in-error checked-in waitlist',
  },
  Encounter: {
    required: 'status class',
    status: 'planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown',
  },
  DiagnosticReport: { required: 'status code', status: `${resultStatus} partial appended` },
  ImagingStudy: {
    required: 'status subject',
    status: 'registered available cancelled entered-in-error unknown',
  },
  AllergyIntolerance: { required: 'patient' },
  QuestionnaireResponse: {
    required: 'status',
    status: 'in-progress completed amended entered-in-error stopped',
  },
  Questionnaire: { required: 'status', status: 'draft active retired unknown' },
  DocumentReference: { required: 'status content', status: 'current superseded entered-in-error' },
  Composition: {
    required: 'status type date author title',
    status: 'preliminary final amended entered-in-error',
  },
  Goal: { required: 'lifecycleStatus description subject' },
  CarePlan: { required: 'status intent subject', status: requestStatus },
  Task: {
    required: 'status intent',
    status:
      'draft requested received accepted rejected ready cancelled in-progress on-hold failed completed entered-in-error',
  },
};

/** Problems of the JSON itself, found without recursion so that hostile nesting cannot exhaust the stack. */
function structureIssues(root: FhirResource): readonly Issue[] {
  const issues: Issue[] = [];
  const open: { value: unknown; path: string; depth: number }[] = [
    { value: root, path: root.resourceType, depth: 0 },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > deepest) {
      return [{ code: 'structure', diagnostics: `nested more than ${deepest} levels deep` }];
    }
    for (const [name, child] of Object.entries(value)) {
      if (!Array.isArray(value) && !/^_?[A-Za-z]\w{0,99}$/.test(name)) {
        issues.push({ code: 'structure', diagnostics: 'element name not allowed', expression: path });
        continue;
      }
      open.push({ value: child, path: Array.isArray(value) ? path : `${path}.${name}`, depth: depth + 1 });
    }
  }
  return issues;
}

function isPresent(resource: FhirResource, element: string): boolean {
  if (!element.endsWith('[x]')) return (elementOf(resource, element) ?? undefined) !== undefined;
  const stem = element.slice(0, -3);
  return Object.keys(resource).some(
    (name) => name.startsWith(stem) && /^[A-Z]/.test(name.slice(stem.length)),
  );
}

function contentIssues(resource: FhirResource): readonly Issue[] {
  const type = resource.resourceType;
  const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
  const issues: Issue[] = [];
  for (const element of rule?.required?.split(' ') ?? []) {
    if (isPresent(resource, element)) continue;
    issues.push({
      code: 'required',
      diagnostics: `${element} is required`,
      expression: `${type}.${element}`,
    });
  }
  const { status } = resource;
  const allowed = rule?.status?.split(' ');
  if (allowed !== undefined && status !== undefined && !allowed.some((code) => code === status)) {
    const diagnostics = `status must be one of ${allowed.join(', ')}`;
    issues.push({ code: 'value', diagnostics, expression: `${type}.status` });
  }
  for (const element of ['subject', 'patient', 'meta', 'code']) {
    const value = resource[element];
    if (value === undefined || isObject(value) || (element === 'code' && Array.isArray(value))) continue;
    issues.push({
      code: 'structure',
      diagnostics: 'must be a JSON object',
      expression: `${type}.${element}`,
    });
  }
  return issues;
}

/**
 * The body as a resource that may be stored under `type`.
 * @throws FhirProblem 400 for what is no resource of the type, 404 for a type that is not stored, 422 with every problem.
 */
export function writableResource(body: unknown, type?: string): FhirResource {
  if (!isResource(body)) {
    throw new FhirProblem(400, [
      { code: 'structure', diagnostics: 'the body must be a JSON object with a resourceType' },
    ]);
  }
  if (type !== undefined && body.resourceType !== type) {
    throw new FhirProblem(400, [
      { code: 'invalid', diagnostics: `resourceType must be ${type}`, expression: 'resourceType' },
    ]);
  }
  if (parametersOf(body.resourceType) === undefined) {
    throw new FhirProblem(404, [
      { code: 'not-supported', diagnostics: 'this resource type is not stored here' },
    ]);
  }
  const structure = structureIssues(body);
  const issues = structure.length > 0 ? structure : contentIssues(body);
  if (body.id !== undefined && !idPattern.test(body.id)) {
    throw new FhirProblem(422, [
      ...issues,
      { code: 'value', diagnostics: 'id must be 1 to 64 of A-Z a-z 0-9 - .', expression: 'id' },
    ]);
  }
  if (issues.length > 0) throw new FhirProblem(422, issues);
  return body;
}
