import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { incomingAttributes, outgoingAttributes, startTelemetry } from '../../src/telemetry.js';

type Options = Readonly<Record<string, unknown>>;

/** Packages as OpenTelemetry has them, that write down how they were used. */
function packages(broken: { readonly start?: boolean; readonly without?: string } = {}) {
  const made: (readonly [string, Options])[] = [];
  const started: string[] = [];
  const classOf = (name: string) =>
    class {
      constructor(options: Options) {
        made.push([name, options]);
      }
      start(): void {
        if (broken.start === true) throw new Error('no exporter');
        started.push('start');
      }
      shutdown(): Promise<void> {
        started.push('shutdown');
        return Promise.resolve();
      }
    };
  const known: Readonly<Record<string, unknown>> = {
    '@opentelemetry/sdk-node': { NodeSDK: classOf('sdk') },
    '@opentelemetry/instrumentation-http': { default: { HttpInstrumentation: classOf('http') } },
    '@opentelemetry/instrumentation-undici': { UndiciInstrumentation: classOf('undici') },
  };
  const load = (name: string): Promise<unknown> =>
    name === broken.without ? Promise.reject(new Error('not found')) : Promise.resolve(known[name]);
  return { made, started, load };
}

describe('tracing', () => {
  it('starts when its packages are there, and ends when told to', async () => {
    const { made, started, load } = packages();
    const told: string[] = [];
    const stop = await startTelemetry(load, (line) => told.push(line));
    await stop?.();
    expect([told, started]).toEqual([[], ['start', 'shutdown']]);
    expect(made.map(([name]) => name)).toEqual(['http', 'undici', 'sdk']);
    expect(made[0]?.[1]['startIncomingSpanHook']).toBe(incomingAttributes);
    expect(made[1]?.[1]['startSpanHook']).toBe(outgoingAttributes);
  });

  it.each(['@opentelemetry/sdk-node', '@opentelemetry/instrumentation-undici'])(
    'without %s tells which package is needed, and how to have it',
    async (without) => {
      const told: string[] = [];
      expect(await startTelemetry(packages({ without }).load, (line) => told.push(line))).toBeUndefined();
      expect(told).toEqual([expect.stringMatching(new RegExp(`^no tracing: ${without} .*npm install`))]);
    },
  );

  it('that cannot be started is told, not thrown', async () => {
    const told: string[] = [];
    expect(await startTelemetry(packages({ start: true }).load, (line) => told.push(line))).toBeUndefined();
    expect(told).toEqual(['no tracing: no exporter']);
  });

  it('does not keep a program from running when it is absent', () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--import', './src/telemetry.ts', '-e', 'console.log("runs")'],
      { encoding: 'utf8' },
    );
    expect([status, stdout]).toEqual([0, 'runs\n']);
  });
});

describe('a span', () => {
  it('of a FHIR call names the server, never the patient', () => {
    const request = { origin: 'https://ehr.example.org', path: '/fhir/Observation?patient=p-4711' };
    expect(outgoingAttributes(request)).toEqual({
      'url.full': 'https://ehr.example.org',
      'url.path': '/',
      'url.query': '',
    });
  });

  it.each([
    ['/smart/launch?iss=https%3A%2F%2Fehr&launch=secret', '/smart/launch'],
    ['/cds-services', '/cds-services'],
    ['/a?b#c\n?d', '/a'],
  ])('of a call to us has the path without its query: %j', (url, path) => {
    expect(Object.values(incomingAttributes({ url })).filter((text) => text !== '')).toEqual([
      path,
      path,
      path,
    ]);
  });
});
