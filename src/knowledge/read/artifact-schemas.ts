import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { KnowledgeProblem } from '../problem.js';
import { show } from './source.js';
import type { ArtifactFile, Path, Source } from './artifact-file.js';

/** The name of a schema file without `.schema.json`. */
export type SchemaName = string;

/** The compiled schemas of `cds-services/schemas/`; `undefined` for a schema that the folder does not hold. */
export type ArtifactSchemas = <Value>(name: SchemaName) => ValidateFunction<Value> | undefined;

/**
 * Compiles every `schemas/*.schema.json` among the files. A schema that is itself wrong throws: that is a defect of
 * this product, not of an artifact.
 */
export function compileSchemas(files: readonly ArtifactFile[]): ArtifactSchemas {
  let ajv: Ajv | undefined;
  return <Value>(name: SchemaName) => {
    ajv ??= withSchemas(files);
    return ajv.getSchema<Value>(`${name}.schema.json`);
  };
}

/** The schemas are those of this product: whatever folder is checked next, they are most likely the same. */
let compiledBefore: { readonly texts: string; readonly ajv: Ajv } | undefined;

function withSchemas(files: readonly ArtifactFile[]): Ajv {
  const schemas = files.filter(({ path }) => path.endsWith('.schema.json'));
  const texts = schemas.map(({ path, text }) => `${path}\n${text}`).join('\n');
  if (compiledBefore?.texts !== texts) compiledBefore = { texts, ajv: compiled(schemas) };
  return compiledBefore.ajv;
}

function compiled(schemas: readonly ArtifactFile[]): Ajv {
  const ajv = new Ajv({ allErrors: true, verbose: true, strictTypes: false });
  formats.default(ajv);
  ajv.addKeyword({ keyword: 'x-maps-to', schemaType: 'string' });
  for (const { text } of schemas) {
    const schema: unknown = JSON.parse(text);
    if (typeof schema === 'object' && schema !== null) ajv.addSchema(schema);
  }
  return ajv;
}

/** Errors that only repeat, for each branch, what another error already says once. */
function isEcho({ keyword, schemaPath }: ErrorObject): boolean {
  return keyword === 'if' || keyword === 'propertyNames' || /\/(oneOf|anyOf)\/\d+\//.test(schemaPath);
}

function stringParameter(error: ErrorObject, name: string): string {
  const value: unknown = error.params[name];
  return typeof value === 'string' ? value : String(value);
}

function expectation(error: ErrorObject): string {
  const { keyword, schema, message = 'another value' } = error;
  switch (keyword) {
    case 'const':
      return show(schema);
    case 'enum':
      return Array.isArray(schema) ? `one of ${schema.map(String).join(', ')}` : message;
    case 'type':
      return `the type ${[schema].flat().join(' or ')}`;
    case 'pattern':
      return `the pattern ${String(schema)}`;
    case 'format':
      return `the format ${String(schema)}`;
    case 'required':
      return `the key ${stringParameter(error, 'missingProperty')}`;
    case 'dependencies':
      return `the key ${stringParameter(error, 'missingProperty')} beside ${stringParameter(error, 'property')}`;
    case 'oneOf':
      return 'exactly one of the keys that say what it is';
    case 'false schema':
      return 'no such key here';
    default:
      return message.replace(/^must /, 'it to ');
  }
}

function pathOf(pointer: string, top: unknown): Path {
  let value: unknown = top;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const segment = Array.isArray(value) ? Number(key) : key;
      value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
      return segment;
    });
}

function toProblem(source: Source, error: ErrorObject): KnowledgeProblem {
  const path = pathOf(error.instancePath, source.value);
  if (error.keyword === 'additionalProperties') {
    const key = stringParameter(error, 'additionalProperty');
    return source.problemAtKey(
      'SCHEMA_INVALID',
      [...path, key],
      'only the keys of its schema',
      `the key ${key}`,
    );
  }
  if (error.propertyName !== undefined) {
    const name = error.propertyName;
    return source.problemAtKey('SCHEMA_INVALID', [...path, name], expectation(error), `the key ${name}`);
  }
  const found = typeof error.data === 'object' && error.data !== null ? Object.keys(error.data) : undefined;
  return source.problem(
    'SCHEMA_INVALID',
    path,
    expectation(error),
    found ? (found.length === 0 ? 'nothing' : `the keys ${found.join(', ')}`) : show(error.data),
  );
}

/** What the file's value does not fulfil of its schema, one problem per cause, in the order of the lines. */
export function schemaProblems(source: Source, validate: ValidateFunction): readonly KnowledgeProblem[] {
  const errors = (validate.errors ?? []).filter((error) => !isEcho(error));
  return errors.map((error) => toProblem(source, error));
}
