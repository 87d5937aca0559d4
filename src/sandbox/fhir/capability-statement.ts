import type { FhirResource } from './resource.js';
import { searchParameters } from './search-parameters.js';

/** What the sandbox can do, as `GET metadata` answers; `date` is the day on which it is asked. */
export function capabilityStatement(base: string, date: string): FhirResource {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    experimental: true,
    date,
    kind: 'instance',
    software: { name: 'Sandbox FHIR server' },
    implementation: { description: 'Sandbox FHIR server with fictitious patients', url: base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        security: { cors: true },
        resource: Object.entries(searchParameters).map(([type, parameters]) => {
          const references = Object.entries(parameters).filter(([, { type: kind }]) => kind === 'reference');
          return {
            type,
            versioning: 'versioned-update',
            readHistory: false,
            updateCreate: true,
            conditionalCreate: false,
            conditionalUpdate: false,
            interaction: ['read', 'create', 'update', 'delete', 'search-type'].map((code) => ({ code })),
            ...(references.length === 0
              ? {}
              : { searchInclude: references.map(([name]) => `${type}:${name}`) }),
            searchParam: Object.entries(parameters).map(([name, { type: kind }]) => ({ name, type: kind })),
          };
        }),
        interaction: [{ code: 'transaction' }, { code: 'batch' }],
      },
    ],
  };
}
