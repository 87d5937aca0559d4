import { fileURLToPath } from 'node:url';
import { Router, type RequestHandler } from 'express';
import helmet from 'helmet';
import { builtFiles, builtLanguages, builtPage } from '../built-files.js';
import { wordsIn, type Spoken } from '../knowledge/catalogues.js';
import { appKnowledge } from '../publish/app-knowledge.js';
import { frameAncestors, smartConnections } from '../trust/origins.js';
import type { Deployment } from './deployment.js';
import { defaultLanguage } from '../text.js';
import { errorHandler, notFound, onlyMethods } from './errors.js';
import { sendWritten, written } from './tagged.js';

const builtApp = fileURLToPath(new URL('../../dist/smart-app/', import.meta.url));

/** Any port of this machine: the sandbox, and FHIR servers under development. */
const loopback = ['http://127.0.0.1:*', 'http://localhost:*'];

const asMarkup = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Where the app is not built: that it is not, in every language. */
function notBuiltPage(spoken: Spoken): string {
  const said = spoken.languages.map(
    ({ code }) => `<p lang="${code}">${asMarkup(wordsIn(spoken, 'app', code)('app.notBuilt'))}</p>`,
  );
  return `<!doctype html>
<html lang="${defaultLanguage}">
  <head><meta charset="utf-8"><title>${asMarkup(wordsIn(spoken, 'app', defaultLanguage)('app.title'))}</title></head>
  <body>
    ${said.join('\n    ')}
  </body>
</html>
`;
}

/**
 * `/smart`: the SMART on FHIR app and what it knows.
 * @param folder of the built app; where there is none, its pages say so
 */
export function smartApp(deployment: Deployment, folder: string = builtApp): Router {
  const { prepared } = deployment;
  const knowledge = written(JSON.stringify(appKnowledge(prepared.knowledge)));
  const router = Router();
  router.use(pageHeaders(deployment));
  router
    .route('/knowledge.json')
    .get(async (request, response) => {
      response.set('Cache-Control', 'public, no-cache').type('application/json');
      await sendWritten(request, response, knowledge);
    })
    .all(onlyMethods('GET', 'HEAD'));
  const files = builtFiles(folder);
  const languages = builtLanguages(folder);
  router.get(['/', '/launch'], (request, response, next) => {
    // In the language of the browser until the app knows that of its reader.
    const language = request.acceptsLanguages([...languages]);
    const page = request.path === '/' ? 'index' : 'launch';
    response.vary('Accept-Language');
    request.url = request.url.replace(
      /^[^?]*/,
      builtPage(page, typeof language === 'string' ? language : defaultLanguage),
    );
    files(request, response, next);
  });
  router.use(files);
  router
    .route(['/', '/launch', /^\/(?:launch|index)(?:\.[a-z]{2,3})?\.html$/])
    .get((_request, response) => {
      response
        .status(503)
        .set('Cache-Control', 'no-store')
        .type('html')
        .send(notBuiltPage(prepared.knowledge));
    })
    .all(onlyMethods('GET', 'HEAD'));
  router.use(notFound);
  router.use(errorHandler(deployment.log));
  return router;
}

/** The EHRs of the clients file may frame the app, and it may talk to their FHIR and authorization servers; nobody else's. */
function pageHeaders({ clients, config }: Deployment): RequestHandler {
  // Both would keep an EHR from framing the app or opening it in a window of its own.
  const secure = helmet({ contentSecurityPolicy: false, frameguard: false, crossOriginOpenerPolicy: false });
  const local = config.production ? [] : loopback;
  return (request, response, next) => {
    const ancestors = [...frameAncestors(clients()), ...(config.production ? [] : ["'self'", ...local])];
    const directives = [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "font-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      `connect-src ${["'self'", ...smartConnections(clients()), ...local].join(' ')}`,
      `frame-ancestors ${ancestors.length === 0 ? "'none'" : ancestors.join(' ')}`,
    ];
    response.setHeader('Content-Security-Policy', directives.join('; '));
    secure(request, response, next);
  };
}
