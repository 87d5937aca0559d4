import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

it.each(['SIGTERM', 'SIGINT'] as const)(
  'npm start ends with the service, in good order, on %s',
  async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), 'cds-start-'));
    const npm = spawn('npm', ['start'], {
      env: { ...process.env, PORT: '0', DATABASE_URL: `file:${folder}/cds.sqlite`, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    for await (const chunk of npm.stdout) {
      said += String(chunk);
      const url = /listening on (\S+)/.exec(said)?.[1];
      if (url === undefined) continue;
      const ended = once(npm, 'exit');
      npm.kill(signal);
      expect(await ended).toEqual([0, null]);
      await expect(fetch(`${url}/healthz`)).rejects.toThrow();
      break;
    }
    expect(said).toContain('listening on http://127.0.0.1:');
    rmSync(folder, { recursive: true });
  },
  90_000,
);
