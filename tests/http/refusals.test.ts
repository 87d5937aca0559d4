import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { call, codesOf, startService, type TestService } from './running.js';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const counted = async (code: string): Promise<number> => {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return Number(new RegExp(`^cds_refused_total\\{code="${code}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
};
const json = { method: 'POST', headers: { 'content-type': 'application/json' } };

it.each([
  ['GET', '/fhir/Questionnaire/none', undefined, 'NOT_FOUND'],
  ['GET', '/fhir/Patient', undefined, 'NOT_FOUND'],
  ['DELETE', '/fhir/metadata', undefined, 'METHOD_NOT_ALLOWED'],
  ['POST', '/fhir/QuestionnaireResponse/$extract', '{}', 'REQUEST_INVALID'],
  ['POST', '/fhir/QuestionnaireResponse/$extract', '{', 'REQUEST_INVALID'],
  ['POST', '/scores', '{}', 'REQUEST_INVALID'],
  ['POST', '/scores', '[', 'REQUEST_INVALID'],
  ['GET', '/smart/none', undefined, 'NOT_FOUND'],
  ['POST', '/cds-services/none', '{}', 'SERVICE_UNKNOWN'],
  ['GET', '/none', undefined, 'NOT_FOUND'],
])('a refused %s %s (%j) is counted once, as %s', async (method, path, body, code) => {
  const before = await counted(code);
  const answer = await call(`${service.url}${path}`, {
    ...json,
    method,
    ...(body !== undefined && { body }),
  });
  expect(codesOf(answer)[0]).toBe(code);
  expect(await counted(code)).toBe(before + 1);
});
