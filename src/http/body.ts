import { json, type RequestHandler } from 'express';
import { problem, refuse } from './errors.js';

/** Other names of what is understood: an older name of gzip (RFC 9110), and charsets that are read as UTF-8 alike. */
const sameEncoding: ReadonlyMap<string, string> = new Map([['x-gzip', 'gzip']]);
const sameAsUtf8 = /(;\s*charset\s*=\s*)"?(?:utf8|us-ascii|ascii)"?\s*(?=;|$)/i;

const fhirJson = ['application/json', 'application/fhir+json'];

/** Java and .NET clients write such names; the body parser knows the registered ones only. */
const registeredNames: RequestHandler = ({ headers }, _response, next) => {
  const encoding = sameEncoding.get(headers['content-encoding']?.trim().toLowerCase() ?? '');
  if (encoding !== undefined) headers['content-encoding'] = encoding;
  const type = headers['content-type'];
  if (type !== undefined) headers['content-type'] = type.replace(sameAsUtf8, '$1utf-8');
  next();
};

/** Reads a JSON body of the given media types; without a `Content-Type` the body is tried as JSON. */
export function jsonBody(limitBytes: number): RequestHandler[] {
  const check: RequestHandler = (request, response, next) => {
    const type = request.get('content-type');
    if (type === undefined || type === '' || request.is(fhirJson) !== false) next();
    else
      refuse(response, [
        problem(
          'MEDIA_TYPE_UNSUPPORTED',
          '',
          'Content-Type must be application/json or application/fhir+json',
        ),
      ]);
  };
  return [check, registeredNames, json({ limit: limitBytes, type: () => true, strict: false })];
}
