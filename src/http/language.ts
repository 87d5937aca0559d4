import type { Request } from 'express';
import { languages, type Language } from '../knowledge/types.js';

/** The language of an answer: `Accept-Language`, else the client's, else the default. */
export function languageOf(request: Request, fallback: Language): Language {
  if (request.get('accept-language') === undefined) return fallback;
  // `*` accepts everything, so it says nothing: the fallback is offered first.
  const offered = [fallback, ...languages.filter((language) => language !== fallback)];
  const accepted = request.acceptsLanguages(offered);
  return languages.find((language) => language === accepted) ?? fallback;
}
