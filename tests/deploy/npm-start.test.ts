import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const isServed = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    () => true,
    () => false,
  );

it('npm start leaves no service behind when it is ended', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cds-start-'));
  const npm = spawn('npm', ['start'], {
    env: { ...process.env, PORT: '0', DATABASE_URL: `file:${folder}/cds.sqlite`, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await new Promise<string>((resolve) => {
    let said = '';
    npm.stdout.on('data', (chunk) => {
      said += String(chunk);
      const found = /listening on (\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  expect(await isServed(url)).toBe(true);
  const ended = once(npm, 'exit');
  npm.kill('SIGTERM');
  await ended;
  const patience = performance.now() + 20_000;
  while (performance.now() < patience && (await isServed(url))) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(await isServed(url)).toBe(false);
  rmSync(folder, { recursive: true, force: true });
}, 90_000);
