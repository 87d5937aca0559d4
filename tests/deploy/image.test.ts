import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../http/running.js';
import { bearer, generateSigningKey, ISSUER } from '../trust/issuer.js';

/**
 * What the Dockerfile puts into the image, put into a folder: the built program without the sandbox and without source
 * maps, the knowledge, and of all packages those of production only.
 */
const built = existsSync('dist/main.js');
const publicUrl = 'https://cds.example.org';

let folder = '';
let app = '';
const lay = (): void => {
  folder = mkdtempSync(join(tmpdir(), 'cds-image-'));
  app = join(folder, 'app');
  const isLeftOut = (path: string): boolean =>
    /dist\/(sandbox|sandbox-page|\.tsbuildinfo)(\/|$)/.test(path) || path.endsWith('.map');
  cpSync('dist', join(app, 'dist'), { recursive: true, filter: (path) => !isLeftOut(path) });
  cpSync('cds-services', join(app, 'cds-services'), { recursive: true });
  cpSync('package.json', join(app, 'package.json'));
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: true; readonly optional?: true }>>;
  };
  for (const [path, { dev }] of Object.entries(packages)) {
    if (dev === true || !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) || !existsSync(path)) continue;
    mkdirSync(dirname(join(app, path)), { recursive: true });
    symlinkSync(resolve(path), join(app, path));
  }
};

const run = (env: Readonly<Record<string, string>>, ...args: readonly string[]) => {
  const child: ChildProcess = spawn(process.execPath, [...args, 'dist/main.js'], {
    cwd: app,
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', PORT: '0', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  }
  return { child, printed: () => printed };
};

const filesOf = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) => !file.startsWith('node_modules'));

(built ? describe : describe.skip)(`the image${built ? '' : ' (npm run build first)'}`, () => {
  beforeAll(lay);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('does not start without settings, and says what is missing', async () => {
    const { child, printed } = run({ CLIENTS_FILE: join(folder, 'none.yaml') });
    await once(child, 'close');
    expect(child.exitCode).toBe(1);
    expect(printed()).toMatch(/ {2}- PUBLIC_BASE_URL: /);
    expect(printed()).toMatch(/ {2}- CLIENTS_FILE: /);
    expect(printed()).not.toContain('Cannot find package');
  });

  it('serves who is trusted, writes nothing but its data, and ends with 0', async () => {
    const key = await generateSigningKey('ES384', 'key');
    const clients = [{ name: 'A', issuer: ISSUER, jwks: { keys: [{ ...key.jwk, alg: key.alg }] } }];
    const data = join(folder, 'data');
    mkdirSync(data);
    writeFileSync(join(folder, 'clients.yaml'), JSON.stringify({ clients }));
    const before = filesOf(app);
    const { child, printed } = run(
      {
        PUBLIC_BASE_URL: publicUrl,
        CLIENTS_FILE: join(folder, 'clients.yaml'),
        DATABASE_URL: `file:${data}/cds.sqlite`,
      },
      '--import',
      './dist/telemetry.js',
    );
    try {
      while (!/listening on \S+\n/.test(printed())) {
        if (child.exitCode !== null) throw new Error(printed());
        await new Promise((done) => setTimeout(done, 20));
      }
      expect(printed()).toContain('no tracing: @opentelemetry/sdk-node cannot be loaded');
      const url = /listening on (\S+)\n/.exec(printed())?.[1] ?? '';
      const status = async (path: string, authorization?: string): Promise<number> =>
        (await call(`${url}${path}`, { headers: { ...(authorization !== undefined && { authorization }) } }))
          .status;
      const seconds = Math.floor(Date.now() / 1000);
      const claims = { aud: `${publicUrl}/cds-services`, iat: seconds, exp: seconds + 300 };
      const token = await bearer(key, { ...claims, jti: crypto.randomUUID() });
      expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200]);
      expect([await status('/'), await status('/sandbox/fhir/Patient')]).toEqual([404, 404]);
      expect(await status('/cds-services')).toBe(401);
      expect([await status('/cds-services', token), await status('/cds-services', token)]).toEqual([
        200, 401,
      ]);
    } finally {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'close');
    }
    expect(child.exitCode).toBe(0);
    expect(filesOf(app)).toEqual(before);
  });
});
