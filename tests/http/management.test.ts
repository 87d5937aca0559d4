import { afterEach, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { call, codesOf, patientView, post, startService, type TestService } from './running.js';

let service: TestService | undefined;
afterEach(async () => {
  await service?.stop();
  service = undefined;
});

const statusesAt = (url: string): Promise<readonly number[]> =>
  Promise.all(['/healthz', '/readyz', '/metrics'].map(async (path) => (await fetch(`${url}${path}`)).status));

describe('MANAGEMENT_PORT', () => {
  it('takes readiness and metrics away from the port of the callers, and nothing else', async () => {
    service = await startService({ MANAGEMENT_PORT: '0' }, { sandbox: false });
    const management = service.management ?? '';
    expect(new URL(management).port).not.toBe(new URL(service.url).port);
    expect(await statusesAt(management)).toEqual([200, 200, 200]);
    expect(await statusesAt(service.url)).toEqual([200, 404, 404]);
    expect((await call(`${service.url}/cds-services`)).status).toBe(200);
    expect((await call(`${management}/cds-services`)).status).toBe(404);
    const asked = await post(`${management}/cds-services/bone-metastasis-review`, patientView('p'));
    expect([asked.status, ...codesOf(asked)]).toEqual([404, 'NOT_FOUND']);
  });

  it('is closed with the service', async () => {
    service = await startService({ MANAGEMENT_PORT: '0' }, { sandbox: false });
    const { management = '' } = service;
    await service.stop();
    service = undefined;
    await expect(fetch(`${management}/healthz`)).rejects.toThrow();
  });

  it('unset, all three answer where the callers are', async () => {
    service = await startService({}, { sandbox: false });
    expect(service.management).toBeUndefined();
    expect(await statusesAt(service.url)).toEqual([200, 200, 200]);
  });

  it.each(['3000', 'soon', '70000'])('cannot be %s beside PORT=3000', (written) => {
    const read = readConfig({ PORT: '3000', MANAGEMENT_PORT: written });
    expect(read.ok ? [] : read.problems.map(({ variable }) => variable)).toEqual(['MANAGEMENT_PORT']);
  });
});
