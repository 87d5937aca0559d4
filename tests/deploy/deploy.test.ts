import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { createMetrics } from '../../src/http/metrics.js';
import { exportedLabels, recordedLabels, storeOfMetrics, unknownIn } from './exported.js';
import { readClients } from '../../src/trust/clients.js';
import { at, configured, documentsOf, kubernetes, manifest, objectsIn } from './manifests.js';
import { inBrowsers, installed, shipped, withLicences } from './packages.js';

/** Read by Node itself (time zone), not by us. */
const ofThePlatform = ['TZ'];
const known = new Set([...configured, ...ofThePlatform]);

const dockerfile = readFileSync('deploy/Dockerfile', 'utf8');
const compose = documentsOf('deploy/compose.yaml')[0]?.content;
const pod = at(manifest('Deployment'), 'spec', 'template', 'spec');
const container = at(pod, 'containers', 0);
const settings = at(manifest('ConfigMap'), 'data') as Readonly<Record<string, string>>;
const secrets = at(manifest('Secret'), 'stringData') as Readonly<Record<string, string>>;
const served = (path: string): boolean =>
  readFileSync('src/http/app.ts', 'utf8').includes(`router.route('${path}').get(`);

describe('the manifests', () => {
  it('parse, name their kind, and are enough for an operator', () => {
    expect(kubernetes.map(({ kind }) => kind).sort()).toEqual([
      'ConfigMap',
      'ConfigMap',
      'Deployment',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Secret',
      'Service',
    ]);
    expect(kubernetes.filter(({ content }) => typeof at(content, 'apiVersion') !== 'string')).toEqual([]);
  });

  it('select the pods that the deployment makes', () => {
    const labels = at(manifest('Deployment'), 'spec', 'template', 'metadata', 'labels');
    expect(at(manifest('Deployment'), 'spec', 'selector', 'matchLabels')).toEqual(labels);
    expect(at(manifest('Service'), 'spec', 'selector')).toEqual(labels);
    expect(at(manifest('PodDisruptionBudget'), 'spec', 'selector', 'matchLabels')).toEqual(labels);
    expect(at(manifest('NetworkPolicy'), 'spec', 'podSelector', 'matchLabels')).toEqual(labels);
  });

  it('keep at least one of at least two replicas', () => {
    const replicas = Number(at(manifest('Deployment'), 'spec', 'replicas'));
    expect(replicas).toBeGreaterThanOrEqual(2);
    expect(Number(at(manifest('PodDisruptionBudget'), 'spec', 'minAvailable'))).toBeLessThan(replicas);
  });

  it('refer to configuration, secrets and volumes that exist', () => {
    const names = (kind: string) =>
      kubernetes.flatMap((each) => (each.kind === kind ? [at(each.content, 'metadata', 'name')] : []));
    const references = objectsIn(pod);
    for (const key of ['configMapRef', 'configMap']) {
      const wanted = references.flatMap((each) => (key in each ? [at(each, key, 'name')] : []));
      expect(wanted).not.toEqual([]);
      expect(names('ConfigMap')).toEqual(expect.arrayContaining(wanted));
    }
    expect(names('Secret')).toContain(at(container, 'envFrom', 1, 'secretRef', 'name'));
    const volumes = (at(pod, 'volumes') as unknown[]).map((volume) => at(volume, 'name'));
    const mounts = (at(container, 'volumeMounts') as unknown[]).map((mount) => at(mount, 'name'));
    expect(mounts.sort()).toEqual(volumes.sort());
  });

  it('probe paths and ports that the service has', () => {
    const paths = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((probe) => {
      expect(at(container, probe, 'httpGet', 'port')).toBe(at(container, 'ports', 0, 'name'));
      return String(at(container, probe, 'httpGet', 'path'));
    });
    expect(paths).toEqual(['/healthz', '/healthz', '/readyz']);
    const annotations = at(manifest('Deployment'), 'spec', 'template', 'metadata', 'annotations');
    const scraped = String(at(annotations, 'prometheus.io/path'));
    expect([...paths, scraped].filter((path) => !served(path))).toEqual([]);
    const port = Number(settings['PORT']);
    expect(at(container, 'ports', 0, 'containerPort')).toBe(port);
    expect(at(annotations, 'prometheus.io/port')).toBe(String(port));
    expect(at(manifest('Service'), 'spec', 'ports', 0, 'targetPort')).toBe(at(container, 'ports', 0, 'name'));
    expect(at(manifest('NetworkPolicy'), 'spec', 'ingress', 0, 'ports', 0, 'port')).toBe(port);
  });

  it('run without privileges on a file system that cannot be written', () => {
    expect(at(pod, 'securityContext')).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(at(container, 'securityContext')).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(at(pod, 'automountServiceAccountToken')).toBe(false);
  });

  it('hold clients that production accepts', () => {
    const clients = at(manifest('ConfigMap', 'bone-metastasis-cds-clients'), 'data', 'clients.yaml');
    expect(readClients(String(clients), true)).toMatchObject({ ok: true });
  });
});

describe('the environment that is set', () => {
  it('is made of variables that the service reads', () => {
    const names = [
      ...Object.keys(settings),
      ...Object.keys(secrets),
      ...Object.keys(at(compose, 'services', 'cds', 'environment') as object),
    ];
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it('starts production in Kubernetes', () => {
    const read = readConfig({ ...settings, ...secrets });
    expect(read).toMatchObject({ ok: true, config: { production: true, database: { kind: 'postgres' } } });
  });

  it('starts production with the compose file, once its own variables are given', () => {
    const given: Readonly<Record<string, string>> = {
      PUBLIC_BASE_URL: 'https://cds.example.org',
      POSTGRES_PASSWORD: 'f00d',
      FEEDBACK_SECRET: 'sixteen characters',
    };
    const environment = at(compose, 'services', 'cds', 'environment') as Readonly<Record<string, string>>;
    const filled = Object.fromEntries(
      Object.entries(environment).map(([name, text]) => [
        name,
        text.replace(
          /\$\{(\w+):([?-])([^}]*)\}/g,
          (_, variable: string, kind: string, rest: string) => given[variable] ?? (kind === '-' ? rest : ''),
        ),
      ]),
    );
    expect(readConfig(filled)).toMatchObject({
      ok: true,
      config: { database: { url: 'postgres://cds:f00d@postgres:5432/cds' } },
    });
  });

  it('is documented in full', () => {
    const table = readFileSync('docs/operations.md', 'utf8');
    expect(configured.size).toBeGreaterThan(15);
    expect([...configured].filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('the image', () => {
  it('sets variables that the service reads, and refuses to start without clients', () => {
    const env = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile)?.[1] ?? '';
    const set = Object.fromEntries(
      [...env.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name = '', text = '']) => [name, text]),
    );
    expect(Object.keys(set).length).toBeGreaterThan(3);
    expect(Object.keys(set).filter((name) => !configured.has(name))).toEqual([]);
    expect(readConfig(set)).toMatchObject({ ok: false, problems: [{ variable: 'PUBLIC_BASE_URL' }] });
    expect(set['DATABASE_URL']).toMatch(/^file:\/data\//);
    expect(dockerfile).toContain(`EXPOSE ${set['PORT'] ?? ''}\n`);
  });

  it('runs as another user than root, with production dependencies and without the sandbox', () => {
    const stages = dockerfile.split(/^FROM /m).slice(1);
    const runtime = stages.at(-1) ?? '';
    expect(runtime).toMatch(/^USER node$/m);
    expect(runtime).toContain('COPY --from=dependencies /app/node_modules');
    expect(stages.find((stage) => stage.includes('AS dependencies'))).toContain(
      'npm ci --omit=dev --ignore-scripts',
    );
    expect(stages.find((stage) => stage.includes('AS build'))).toContain(
      'rm -rf dist/sandbox dist/sandbox-page',
    );
    expect(runtime).not.toMatch(/fixtures|src/);
  });

  it('copies what exists, and its context leaves nothing of that out', () => {
    const context = readFileSync('deploy/Dockerfile.dockerignore', 'utf8').split('\n');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
      files.split(' '),
    );
    expect(copied.length).toBeGreaterThan(6);
    for (const path of copied) {
      expect(() => statSync(path)).not.toThrow();
      expect(context).toContain(`!${path}`);
    }
  });

  it('is healthy exactly when /healthz answers', async () => {
    const [, command = '[]'] =
      /HEALTHCHECK[^[]*CMD (\[.*\])$/ms.exec(dockerfile.split('\nCMD')[0] ?? '') ?? [];
    const [, ...args] = JSON.parse(command) as readonly string[];
    expect(args.join(' ')).toContain('/healthz');
    const check = async (status: number): Promise<number> => {
      const server = createServer((_request, response) => response.writeHead(status).end());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const child = spawn(process.execPath, args, { env: { PORT: String(port) } });
      const code = await new Promise<number>((resolve) =>
        child.once('exit', (found) => {
          resolve(found ?? -1);
        }),
      );
      server.close();
      return code;
    };
    expect(await check(200)).toBe(0);
    expect(await check(503)).toBe(1);
  });
});

describe('the dashboard', () => {
  const text = readFileSync('deploy/grafana-dashboard.json', 'utf8');
  const dashboard: unknown = JSON.parse(text);
  const expressions = objectsIn(dashboard).flatMap(({ expr }) => (typeof expr === 'string' ? [expr] : []));

  it('asks for metrics that the service has or that the rules of Prometheus record, by their labels', async () => {
    const known = new Map([...(await exportedLabels()), ...recordedLabels()]);
    expect(expressions.length).toBeGreaterThan(20);
    expect(expressions.flatMap((expression) => unknownIn(expression, known))).toEqual([]);
  });

  it('shows every metric of our own', async () => {
    const described = await createMetrics(storeOfMetrics).registry.getMetricsAsJSON();
    const own = described.map(({ name }) => name).filter((name) => name.startsWith('cds_'));
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((name) => !text.includes(name))).toEqual([]);
  });

  it('gives each panel an id of its own and lets none lie upon another', () => {
    const panels = at(dashboard, 'panels') as readonly {
      readonly id: number;
      readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    }[];
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describe('the bill of materials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cds-sbom-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('lists every package that production installs, and every one that is sent to browsers', () => {
    const file = join(folder, 'sbom.json');
    execFileSync('deploy/sbom.sh', [file], { stdio: 'pipe' });
    const { bomFormat, components } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly bomFormat: string;
      readonly components: readonly {
        readonly group?: string;
        readonly name: string;
        readonly version: string;
      }[];
    };
    expect(bomFormat).toBe('CycloneDX');
    const listed = new Set(
      components.map(
        ({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name}@${version}`,
      ),
    );
    expect(installed.length).toBeGreaterThan(100);
    expect(shipped.map(({ name }) => name)).toEqual(expect.arrayContaining(['preact', 'js-base64']));
    const wanted = [...installed, ...shipped].map(({ name, version }) => `${name}@${version}`);
    expect(wanted.filter((name) => !listed.has(name))).toEqual([]);
    expect([...listed].filter((name) => /^(jest|typescript|vite|eslint)@/.test(name))).toEqual([]);
  });

  it('knows every package that the SMART app is built of', () => {
    const imported = readdirSync('src/smart-app', { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('vite.config.ts'))
      .flatMap((file) => [
        ...readFileSync(join('src/smart-app', file), 'utf8').matchAll(
          /^(?:import|export) (?!type).*from '([^.][^']*)'/gm,
        ),
      ])
      .map(([, name = '']) => name.split('/')[0] ?? '')
      // What is written for React is built with Preact.
      .map((name) => name.replace(/^react(?:-dom)?$/, 'preact'));
    expect([...new Set(imported)].sort()).toEqual([...inBrowsers].sort());
  });

  it('has the licences of the lock file in its page, and a reason for every override', () => {
    const page = readFileSync('docs/dependencies.md', 'utf8');
    // Written anew with `npm run licences` when a package has changed.
    expect(page).toBe(withLicences(page));
    const { overrides } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly overrides: object };
    const names = Object.entries(overrides).flatMap(([name, inside]: [string, unknown]) =>
      typeof inside === 'string' ? [name] : Object.keys(inside as object),
    );
    const explained = [...page.matchAll(/^\| `([^`]+)` [^|]*\| [^|]+ \| [^|]{40,} \|$/gm)].map(
      ([, name = '']) => name,
    );
    expect(explained.sort()).toEqual(names.sort());
  });

  it('stands on images that cannot change, the same everywhere, of the recommended Node', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(new Set(bases).size).toBe(1);
    const images = [compose, ...kubernetes.map(({ content }) => content)]
      .flatMap(objectsIn)
      .flatMap(({ image }) => (typeof image === 'string' ? [image] : []));
    expect(images.length).toBeGreaterThanOrEqual(3);
    for (const image of [...bases, ...images])
      expect(image).toMatch(/^\S+:\d\S*@sha256:[0-9a-f]{64}$|^\S+:v\d\S*@sha256:[0-9a-f]{64}$/);
    const page = readFileSync('docs/dependencies.md', 'utf8');
    const recommended = /^\| (\d+) \|[^|]*\| \*\*recommended\*\*/m.exec(page)?.[1];
    expect(bases[0]).toMatch(new RegExp(`^node:${recommended ?? 'none'}\\.`));
  });
});

describe('the network policy', () => {
  const policy = manifest('NetworkPolicy');
  const rules = [
    ...(at(policy, 'spec', 'ingress') as unknown[]),
    ...(at(policy, 'spec', 'egress') as unknown[]),
  ];

  it('names one workload or one address in each rule, and the ports', () => {
    expect(at(policy, 'spec', 'policyTypes')).toEqual(['Ingress', 'Egress']);
    const peers = rules.flatMap((rule) => (at(rule, 'from') ?? at(rule, 'to') ?? []) as unknown[]);
    expect(peers).toHaveLength(5);
    for (const peer of peers) {
      const block = at(peer, 'ipBlock', 'cidr');
      if (block === undefined) {
        expect(Object.keys(at(peer, 'namespaceSelector', 'matchLabels') as object)).toHaveLength(1);
        expect(Object.keys(at(peer, 'podSelector', 'matchLabels') as object)).toHaveLength(1);
      } else expect(block).toMatch(/\/32$/);
    }
    for (const rule of rules) expect((at(rule, 'ports') as unknown[]).length).toBeGreaterThan(0);
  });
});
