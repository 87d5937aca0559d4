import type { CapabilityStatement } from 'fhir/r4.js';
import type { Guideline } from '../knowledge/types.js';
import { computerName, publishedBy, publishedTypes } from './canonical.js';

const profile = 'http://hl7.org/fhir/uv/sdc/OperationDefinition/QuestionnaireResponse-extract';

/**
 * What `/fhir` can do, in English.
 * @param url public address of the FHIR base
 * @param date FHIR date on which this instance was set up
 */
export function capabilityStatement(guideline: Guideline, url: string, date: string): CapabilityStatement {
  const { id, published } = guideline;
  return {
    resourceType: 'CapabilityStatement',
    name: computerName(id),
    title: published.title.en,
    status: 'active',
    date,
    ...publishedBy(guideline, 'en'),
    kind: 'instance',
    software: { name: published.publisher },
    implementation: { description: 'Scores, codes and rules of the CDS service, read-only', url },
    fhirVersion: '4.0.1',
    format: ['json', 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        resource: [
          ...publishedTypes.map((type) => ({
            type,
            interaction: [{ code: 'read' as const }, { code: 'search-type' as const }],
            searchParam: [
              { name: 'url', type: 'uri' as const },
              { name: 'version', type: 'token' as const },
              { name: '_id', type: 'token' as const },
            ],
          })),
          {
            type: 'QuestionnaireResponse',
            operation: [
              {
                name: 'extract',
                definition: profile,
                documentation: 'A filled score form becomes a transaction Bundle with the score Observation.',
              },
            ],
          },
        ],
      },
    ],
  };
}
