import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value inside a manifest, by the names on the way; undefined when the way ends early. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((found, step) => {
    if (Array.isArray(found)) return typeof step === 'number' ? (found as unknown[])[step] : undefined;
    return isJson(found) ? found[step] : undefined;
  }, value);
}

/** Every object inside a manifest, the manifest itself included. */
export function objectsIn(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isJson(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
}

export interface Manifest {
  readonly file: string;
  readonly kind: string;
  readonly content: unknown;
}

/** The documents of one YAML file; a file with a fault throws. */
export function documentsOf(file: string): readonly Manifest[] {
  return parseAllDocuments(readFileSync(file, 'utf8'), { uniqueKeys: true, strict: true }).map((document) => {
    const [fault] = [...document.errors, ...document.warnings];
    if (fault !== undefined) throw new Error(`${file}: ${fault.message}`);
    const content: unknown = document.toJS();
    const kind = at(content, 'kind');
    return { file, kind: typeof kind === 'string' ? kind : '', content };
  });
}

export const kubernetes: readonly Manifest[] = readdirSync('deploy/kubernetes')
  .map((name) => `deploy/kubernetes/${name}`)
  .flatMap(documentsOf);

/** The manifest of a kind (and name); there must be exactly one. */
export function manifest(kind: string, name = 'bone-metastasis-cds'): unknown {
  const found = kubernetes.filter(
    (each) => each.kind === kind && at(each.content, 'metadata', 'name') === name,
  );
  if (found.length !== 1) throw new Error(`${found.length} manifests of ${kind} ${name}`);
  return found[0]?.content;
}

/** Environment variables that `src/config.ts` reads. */
export const configured: ReadonlySet<string> = new Set(
  [...readFileSync('src/config.ts', 'utf8').matchAll(/\bread\('([A-Z_]+)'/g)].map(([, name = '']) => name),
);
