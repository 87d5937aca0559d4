/**
 * Optional preload for OpenTelemetry: `node --import ./dist/telemetry.js dist/main.js`. Its packages are no dependencies
 * of ours (docs/operations.md, Tracing). Exporter and sampling are set by the standard variables `OTEL_…`.
 */

/** Where calls go may be known; which patient they are about may not: paths and queries of FHIR calls name patients. */
interface OutgoingRequest {
  readonly origin?: unknown;
}

interface IncomingRequest {
  readonly url?: unknown;
}

type Load = (name: string) => Promise<unknown>;
type Constructor = new (options: object) => object;

const packages = [
  ['@opentelemetry/sdk-node', 'NodeSDK'],
  ['@opentelemetry/instrumentation-http', 'HttpInstrumentation'],
  ['@opentelemetry/instrumentation-undici', 'UndiciInstrumentation'],
] as const;

const isConstructor = (value: unknown): value is Constructor => typeof value === 'function';

const isStartable = (
  value: object,
): value is { readonly start: () => void; readonly shutdown: () => Promise<void> } =>
  'start' in value && typeof value.start === 'function' && 'shutdown' in value;

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** A CommonJS package shows its exports by name, or only inside `default`. */
function exportOf(loaded: unknown, name: string): unknown {
  return member(loaded, name) ?? member(member(loaded, 'default'), name);
}

/** Attributes of a span for a call to a FHIR server or a key set: the origin alone. */
export function outgoingAttributes({ origin }: OutgoingRequest): Readonly<Record<string, string>> {
  return { 'url.full': String(origin), 'url.path': '/', 'url.query': '' };
}

/** Attributes of a span for a call to us: the path without its query, under the old and the new names. */
export function incomingAttributes({ url }: IncomingRequest): Readonly<Record<string, string>> {
  const path = String(url).replace(/[?#].*/s, '');
  return { 'http.url': path, 'http.target': path, 'url.path': path, 'url.query': '' };
}

/**
 * Starts tracing, or tells why not; never rejects, since the advice must not depend on it.
 * @returns what ends it, undefined when it did not start
 */
export async function startTelemetry(
  load: Load,
  tell: (line: string) => void,
): Promise<(() => Promise<void>) | undefined> {
  const made: Constructor[] = [];
  for (const [name, exported] of packages) {
    const found = await load(name).then(
      (loaded) => exportOf(loaded, exported),
      () => undefined,
    );
    if (!isConstructor(found)) {
      const names = packages.map(([each]) => each).join(' ');
      tell(
        `no tracing: ${name} cannot be loaded; to have it, npm install --no-save --omit=dev --ignore-scripts ${names}`,
      );
      return undefined;
    }
    made.push(found);
  }
  const [Sdk, Http, Undici] = made;
  if (Sdk === undefined || Http === undefined || Undici === undefined) return undefined;
  try {
    const instrumentations = [
      new Http({ startIncomingSpanHook: incomingAttributes, disableOutgoingRequestInstrumentation: true }),
      new Undici({ startSpanHook: outgoingAttributes }),
    ];
    const sdk = new Sdk({ instrumentations });
    if (!isStartable(sdk)) throw new TypeError('not the NodeSDK that is known here');
    sdk.start();
    return () => sdk.shutdown();
  } catch (error) {
    tell(`no tracing: ${error instanceof Error ? error.message : 'it could not be started'}`);
    return undefined;
  }
}

const stop = await startTelemetry(
  (name) => import(name),
  (line) => void process.stderr.write(`${line}\n`),
);
if (stop !== undefined) {
  process.once('SIGTERM', () => {
    // What is still waiting is sent while the service finishes its calls; before it listens to the signal, nobody else ends.
    const end = (): void => {
      if (process.listenerCount('SIGTERM') === 0) process.exit(143);
    };
    void stop().then(end, end);
  });
}
