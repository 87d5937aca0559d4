import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { codings } from '../../src/chart/element.js';
import { readStatus, statusesOf } from '../../src/chart/status.js';
import { exampleDay, resourceOf } from '../../src/engine/examples.js';
import { epochDayOf, openCase } from '../../src/engine/case.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const today = epochDayOf(exampleDay);

/** What a FHIR server answers to a prefetch template: filters on status and code, as CDS Hooks' query subset has them. */
function answers(template: string): (resource: FhirResource) => boolean {
  const [path = '', query = ''] = template.split('?');
  const type = path.split('/')[0];
  const wanted = new URLSearchParams(query.replaceAll('+', '%2B'));
  const status = wanted.get('status')?.split(',');
  const codes = wanted.get('code')?.split(',');
  return (resource) =>
    resource.resourceType === type &&
    (status?.includes(String(resource['status'])) ?? true) &&
    (codes === undefined || codings(resource['code']).some(({ code }) => codes.includes(code)));
}

/** Read along by its reference, not searched for. */
const isCompanion = ({ resourceType }: FhirResource): boolean => resourceType === 'Medication';

describe('what a service asks for', () => {
  const played = [...prepared.services.values()].flatMap((service) =>
    service.rules.map((rule) => [service, rule] as const),
  );
  it.each(played.map(([service, rule]) => [service.definition.id, rule.rule.id, service, rule] as const))(
    '%s is enough for each example of %s: a chart that is searched gives what a chart that is sent gives',
    (_service, _rule, service, compiled) => {
      const asked = service.needs.map(({ template }) => answers(template));
      for (const example of compiled.rule.examples) {
        const chart = (example.chart ?? []).map((piece) => resourceOf(piece, prepared));
        const outcomes = (resources: readonly FhirResource[]): unknown => {
          const opened = openCase(prepared, {
            resources,
            drafts: (example.drafts ?? []).map((piece) => resourceOf(piece, prepared)),
            missingKeys: new Set(example.missingData ?? []),
            today,
          });
          return compiled.evaluate(opened.of, opened.memory).map(({ kind, missing }) => [kind, missing]);
        };
        const found = chart.filter(
          (resource) => isCompanion(resource) || asked.some((answer) => answer(resource)),
        );
        expect([example.name, outcomes(found)]).toEqual([example.name, outcomes(chart)]);
      }
    },
  );

  it('leaves out no status of a drug that the chart reads: on hold is neither ordered nor never given', () => {
    const asked = new Set(
      [...prepared.services.values()].flatMap(({ needs }) =>
        needs.filter(({ key }) => key === 'medicationRequests').map(({ template }) => template),
      ),
    );
    expect([...asked]).toEqual([
      'MedicationRequest?patient={{context.patientId}}&status=active,completed,stopped,on-hold',
    ]);
  });

  it.each(['MedicationRequest', 'Appointment', 'Encounter', 'Procedure', 'DiagnosticReport'])(
    'names the statuses of %s as the chart reads them',
    (resourceType) => {
      const statuses = statusesOf(resourceType, ['ordered', 'done', 'current', 'past']);
      expect(statuses.length).toBeGreaterThan(1);
      for (const status of statuses)
        expect(readStatus({ resourceType, status }, false)).toMatchObject({ counts: true });
    },
  );
});
