import type { Request } from 'express';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Language } from '../knowledge/types.js';

/** The language of an answer: `Accept-Language`, else the client's, else the default. */
export function languageOf(
  request: Request,
  { languages }: Pick<Knowledge, 'languages'>,
  fallback: Language,
): Language {
  if (request.get('accept-language') === undefined) return fallback;
  // `*` accepts everything, so it says nothing: the fallback is offered first.
  const others = languages.map(({ code }) => code).filter((code) => code !== fallback);
  const accepted = request.acceptsLanguages([fallback, ...others]);
  return others.find((code) => code === accepted) ?? fallback;
}
