import type { Router } from 'express';
import { fileURLToPath } from 'node:url';
import type { Additions } from './http/app.js';
import type { Deployment } from './http/deployment.js';
import { guideline } from './http/guideline.js';
import { extraction, published } from './http/published.js';
import { smartApp } from './http/smart.js';
import { normalBase } from './feedback/keyed-hash.js';
import type { Client } from './trust/clients.js';

const demoPatients = fileURLToPath(new URL('../fixtures/patients/demo', import.meta.url));
const pageFolder = fileURLToPath(new URL('../dist/sandbox-page', import.meta.url));

/**
 * Everything beside the API: the published knowledge, the SMART app, and in development the sandbox — save with several
 * processes, each of which would have a sandbox of its own.
 */
export async function mount(deployment: Deployment, wanted = { sandbox: true }): Promise<Additions> {
  const everywhere = {
    published: published(deployment),
    extraction: extraction(deployment),
    pages: { '/guideline': guideline(deployment), '/smart': smartApp(deployment) },
  };
  if (deployment.config.production || !wanted.sandbox) return everywhere;
  return { ...everywhere, ...(await sandbox(deployment)) };
}

/** What the sandbox EHR, and who calls without a signature as in the README, has made the service remember. */
function forgetting({ store, keyed }: Deployment, issuer: string, fhirServer: string) {
  return async (patients: readonly string[]): Promise<void> => {
    for (const client of [issuer, '']) {
      for (const patient of patients) {
        await store.forgetPatient({
          client,
          patientKeys: [keyed.patient(client, normalBase(fhirServer), patient)],
          patient: `Patient/${patient}`,
          keyPrefix: keyed.prefix,
        });
      }
    }
  };
}

async function sandbox(deployment: Deployment): Promise<Additions & { sandbox: Router }> {
  // Loaded here only: production neither needs nor holds what the sandbox is made of.
  const { sandboxEhr, sandboxRouter, traceBook } = await import('./sandbox/app.js');
  const { baseUrl, clock, prepared } = deployment;
  const { smartClient, published } = prepared.knowledge.guideline;
  const clients = { smartApp: smartClient, service: published.publisher };
  const ehr = sandboxEhr(baseUrl());
  const forget = forgetting(deployment, ehr.issuer, ehr.fhirServer);
  const client: Client = {
    name: 'Sandbox EHR',
    issuer: ehr.issuer,
    jwks: { kind: 'url', url: ehr.jwksUrl },
    algorithms: ['ES384'],
    tenants: undefined,
    audiences: [],
    maxTokenLifetime: 3600,
    fhirServers: [ehr.fhirServer],
    authorizationServers: [],
    corsOrigins: [],
    frameAncestors: [],
    language: undefined,
    shadow: false,
    saysAgain: true,
  };
  const traces = traceBook();
  return {
    sandbox: sandboxRouter({ baseUrl, clients, demoPatients, pageFolder, clock, traces, forget }),
    clients: [client],
    trace: traces.keep,
  };
}
