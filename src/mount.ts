import { Router, static as staticFiles } from 'express';
import { fileURLToPath } from 'node:url';
import type { Additions } from './http/app.js';
import { civilDate, type Deployment } from './http/deployment.js';
import { published } from './http/published.js';
import { smartApp } from './http/smart.js';

const patients = fileURLToPath(new URL('../fixtures/patients/demo', import.meta.url));

/** Everything beside the API: the published knowledge, the SMART app, and in development the sandbox. */
export async function mount(deployment: Deployment): Promise<Additions> {
  const everywhere = { published: published(deployment), smartApp: smartApp(deployment) };
  if (deployment.config.production) return everywhere;
  return { ...everywhere, sandbox: await sandbox(deployment) };
}

async function sandbox(deployment: Deployment): Promise<Router> {
  const { sandboxFhirRouter } = await import('./sandbox/fhir/router.js');
  const { sandboxStore } = await import('./sandbox/fhir/store.js');
  const { loadDemoPatients } = await import('./sandbox/demo.js');
  const router = Router();
  const store = sandboxStore(loadDemoPatients(patients, civilDate(deployment.clock())));
  router.use(
    '/sandbox/fhir',
    sandboxFhirRouter(store, { baseUrl: () => `${deployment.baseUrl()}/sandbox/fhir` }),
  );
  return router;
}
