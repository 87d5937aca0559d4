import { json, type RequestHandler } from 'express';
import { problem, refuse } from './errors.js';

const fhirJson = ['application/json', 'application/fhir+json'];

/** Reads a JSON body of the given media types; without a `Content-Type` the body is tried as JSON. */
export function jsonBody(limitBytes: number): RequestHandler[] {
  const check: RequestHandler = (request, response, next) => {
    const type = request.get('content-type');
    if (type === undefined || type === '' || request.is(fhirJson) !== false) next();
    else refuse(response, [problem('MEDIA_TYPE_UNSUPPORTED', '', 'Content-Type must be application/json')]);
  };
  return [check, json({ limit: limitBytes, type: () => true, strict: false })];
}
