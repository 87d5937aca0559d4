import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { static as staticFiles, type RequestHandler, type Response } from 'express';
import type { Language } from './knowledge/types.js';
import { defaultLanguage } from './text.js';

const endings = { br: '.br', gzip: '.gz' } as const;

/**
 * The files of a built page, compressed as the build left them beside for who takes them so. Names below `assets/` hold
 * a hash of their content and may be kept for ever; pages keep their name and are asked for again.
 * @param folder of the built page; where there is none, nothing is found
 * @param headers of each file, by name
 */
export function builtFiles(folder: string, headers: Readonly<Record<string, string>> = {}): RequestHandler {
  const known = new Set(filesIn(folder));
  const files = staticFiles(folder, {
    setHeaders: (response: Response, path: string) => {
      const isHashed = /[\\/]assets[\\/]/.test(path);
      response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      response.set(headers);
      response.vary('Accept-Encoding');
      const ending = extname(path);
      const [encoding] = Object.entries(endings).find(([, known]) => known === ending) ?? [];
      if (encoding === undefined) return;
      response.setHeader('Content-Encoding', encoding);
      response.type(extname(path.slice(0, -ending.length)));
    },
  });
  return (request, response, next) => {
    const taken = request.acceptsEncodings('br', 'gzip', 'identity');
    const asked = request.path === '/' ? '/index.html' : request.path;
    const ending = taken === 'br' || taken === 'gzip' ? endings[taken] : undefined;
    if (ending === undefined || !known.has(`${asked}${ending}`)) {
      files(request, response, next);
      return;
    }
    const { url } = request;
    request.url = `${asked}${ending}`;
    files(request, response, (error?: unknown) => {
      request.url = url;
      next(error);
    });
  };
}

/** The languages in which a built page stands in a folder: English as `index.html`, others as `index.fr.html`. */
export function builtLanguages(folder: string): readonly Language[] {
  const others = filesIn(folder).flatMap((path) => /^\/index\.([a-z]{2,3})\.html$/.exec(path)?.[1] ?? []);
  return [defaultLanguage, ...others.sort()];
}

/** Path of a built page in a language. */
export const builtPage = (name: string, language: Language): string =>
  language === defaultLanguage ? `/${name}.html` : `/${name}.${language}.html`;

/** Paths from the root of the site, with `/` between their parts. */
function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) =>
      join('/', file).replaceAll('\\', '/'),
    );
  } catch {
    return [];
  }
}
