import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mount } from '../../src/mount.js';
import { sandboxRouter } from '../../src/sandbox/app.js';
import { openSite, type Site } from './site.js';

/**
 * The service as `npm start` serves it, with the pages that `npm run build` made.
 * @param accessTokenSeconds lifetime of the sandbox's access tokens; its own default when left out
 */
export async function wholeSite(accessTokenSeconds?: number): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'whole-site-'));
  return openSite(folder, async (deployment) => {
    if (accessTokenSeconds === undefined) return mount(deployment);
    const { baseUrl, clock } = deployment;
    const sandbox = sandboxRouter({
      clients: { smartApp: 'bone-metastasis-smart', service: 'bone-metastasis-cds' },
      baseUrl,
      clock,
      accessTokenSeconds,
      demoPatients: 'fixtures/patients/demo',
      pageFolder: 'dist/sandbox-page',
    });
    return { ...(await mount(deployment, { sandbox: false })), sandbox };
  });
}
