import type { AddressInfo } from 'node:net';
import express from 'express';
import { sandboxRouter } from '../../src/sandbox/app.js';
import { knowledge } from '../smart-app/artifacts.js';
import { builtApp } from '../smart-app/built-app.js';
import { searchSandbox } from './site.js';

/** The sandbox EHR with the built app; only the evaluation of the chart is set by the test. */
export interface SmartSite {
  readonly base: string;
  /** What `POST /scores` answers from now on; `undefined` as body makes it refuse. */
  scoresAnswer: { status: number; body: unknown };
  readonly create: (resource: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly search: (query: string) => ReturnType<typeof searchSandbox>;
  /** Announces a launch and gives the address that the EHR opens. */
  readonly launchUrl: (patient: string, appContext?: unknown) => Promise<string>;
  readonly close: () => void;
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

const fhirJson = { 'Content-Type': 'application/fhir+json' };

/** Starts the site on a free port. */
export async function smartSite(): Promise<SmartSite> {
  const folder = await builtApp();
  const app = express();
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const site: SmartSite = {
    base,
    scoresAnswer: { status: 404, body: undefined },
    async create(resource) {
      const { resourceType, id } = resource;
      const response = await fetch(`${base}/sandbox/fhir/${String(resourceType)}/${String(id)}`, {
        method: 'PUT',
        headers: fhirJson,
        body: JSON.stringify(resource),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    search: (query) => searchSandbox(base, query),
    async launchUrl(patient, appContext) {
      const response = await fetch(`${base}/sandbox/launch`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          patient,
          ...(appContext !== undefined && { appContext: JSON.stringify(appContext) }),
        }),
      });
      const { launch } = (await response.json()) as { launch: string };
      return `${base}/smart/launch?iss=${encodeURIComponent(`${base}/sandbox/fhir`)}&launch=${launch}`;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };

  app.get('/empty', (_request, response) => {
    response.type('html').send('<!doctype html><html lang="en"><title>EHR</title></html>');
  });
  app.get('/smart/knowledge.json', (_request, response) => {
    response.json(knowledge());
  });
  app.post('/scores', (_request, response) => {
    const { status, body } = site.scoresAnswer;
    response.status(status).json(body ?? { resourceType: 'OperationOutcome' });
  });
  app.use('/smart', (_request, response, next) => {
    response.set('Content-Security-Policy', policy);
    next();
  });
  app.use('/smart', express.static(folder, { extensions: ['html'] }));
  app.use(
    sandboxRouter({
      clients: { smartApp: 'bone-metastasis-smart', service: 'bone-metastasis-cds' },
      baseUrl: () => base,
      demoPatients: 'fixtures/patients/demo',
      pageFolder: 'src/sandbox/page',
      clock: () => new Date(),
    }),
  );
  return site;
}
