import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProduction, tokenFor, type Production } from '../trust-http/production.js';
import { patientView, startService, type TestService } from './running.js';

let service: TestService;
let production: Production;
beforeAll(async () => {
  [service, production] = await Promise.all([
    startService({ PUBLIC_BASE_URL: 'http://cds.hospital.example:3000' }, { sandbox: false }),
    startProduction(),
  ]);
});
afterAll(() => Promise.all([service.stop(), production.stop()]));

const send = (url: string, headers: Readonly<Record<string, string>>, body?: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { method: body === undefined ? 'GET' : 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end(body);
  });

describe('in development, where this machine needs no token', () => {
  it.each([
    '127.0.0.1:3000',
    'localhost:3000',
    'LOCALHOST',
    '[::1]:3000',
    '10.0.0.7',
    'cds.hospital.example',
  ])('the name %s is answered', async (host) => {
    expect(await send(`${service.listeningOn}/cds-services`, { host })).toBe(200);
  });

  it.each(['evil.example', 'evil.example:3000', 'localhost.evil.example', '127.0.0.1.evil.example', 'x'])(
    'the name %s, which a page of another site may let point here, is not',
    async (host) => {
      expect(await send(`${service.listeningOn}/cds-services`, { host })).toBe(421);
      expect(await send(`${service.listeningOn}/healthz`, { host })).toBe(200);
    },
  );

  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    [undefined, 415],
    ['application/json', 412],
  ])(
    'a body of the type %s is answered with %i: only JSON is asked for before it is sent',
    async (type, status) => {
      const url = `${service.listeningOn}/cds-services/bone-metastasis-review`;
      const headers = type === undefined ? {} : { 'content-type': type };
      expect(await send(url, headers, JSON.stringify(patientView('planted')))).toBe(status);
    },
  );
});

describe('in production, where every call brings a token', () => {
  it('any name is answered: a proxy may have set it', async () => {
    const authorization = await tokenFor('/cds-services');
    const url = `${production.service.listeningOn}/cds-services`;
    expect(await send(url, { host: 'whatever.example', authorization })).toBe(200);
  });
});
