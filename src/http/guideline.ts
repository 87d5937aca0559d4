import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import { builtFiles } from '../built-files.js';
import { readAttempt } from '../guideline/attempt-request.js';
import { attempt, inNames } from '../guideline/attempt.js';
import { attemptPage } from '../guideline/attempt-page.js';
import { entriesOf } from '../guideline/entries.js';
import { indexPage } from '../guideline/index-page.js';
import { knowingIn, type Knowing } from '../guideline/knowing.js';
import { gatheredPage, invalidPage, notFoundPage } from '../guideline/plain-pages.js';
import { recommendationPage } from '../guideline/recommendation-page.js';
import { rulePage } from '../guideline/rule-page.js';
import { gatheredId, type Assets, type Site } from '../guideline/site.js';
import type { Language } from '../knowledge/types.js';
import { parseBody, readBody } from './body.js';
import { civilDate, type Deployment } from './deployment.js';
import { errorHandler, onlyMethods, problem, refuse } from './errors.js';
import { readPageQuery, type PageQuery } from './guideline-query.js';
import { keptPages } from './kept-pages.js';
import { languageOf } from './language.js';
import { sendWritten, written, type Written } from './tagged.js';

const builtAssets = fileURLToPath(new URL('../../dist/guideline-assets/', import.meta.url));

/** All pages of rules in both languages are some 20 million bytes; those that are read stay. */
const mostBytes = 8_000_000;

/** What a page is made from. */
interface Asked {
  readonly site: Site;
  readonly query: PageQuery;
  readonly response: Response;
}

/** `/guideline`: the knowledge for people. It is the same for everybody, and holds no patient. */
export function guideline(deployment: Deployment, folder: string = builtAssets): Router {
  const { prepared, config, baseUrl, newId } = deployment;
  const { knowledge } = prepared;
  const entries = entriesOf(knowledge);
  const knowings = new Map<Language, Knowing>();
  const knowing = (language: Language): Knowing => {
    const made = knowings.get(language) ?? knowingIn(prepared, language);
    knowings.set(language, made);
    return made;
  };
  const prefix = new URL(baseUrl()).pathname.replace(/\/$/, '');
  const assets = assetsIn(folder, `${prefix}/guideline`);
  const kept = keptPages(mostBytes);
  const siteOf = (language: Language, isLanguageChosen: boolean): Site => ({
    knowing: knowing(language),
    assets,
    edition: config.guidelineEdition,
    isLanguageChosen,
    prefix,
  });
  const cardContext = { publicBaseUrl: baseUrl(), newId };

  const send = (request: Request, response: Response, content: Written): Promise<void> => {
    response.set('Cache-Control', 'public, no-cache').type('html');
    return sendWritten(request, response, content);
  };
  const page =
    (
      make: (
        asked: Asked,
        request: Request,
      ) => string | { readonly name: string; readonly make: () => string },
    ): RequestHandler =>
    async (request, response) => {
      const read = readPageQuery(request, knowledge);
      const chosen = read.ok ? read.query.language : undefined;
      const language = chosen ?? languageOf(request, prepared.knowledge, config.defaultLanguage);
      response.set('Content-Language', language).vary('Accept-Language');
      const site = siteOf(language, chosen !== undefined);
      if (!read.ok) {
        response
          .status(400)
          .set('Cache-Control', 'no-store')
          .type('html')
          .send(invalidPage(site, read.parameters));
        return;
      }
      const made = make({ site, query: read.query, response }, request);
      if (response.headersSent) return;
      if (typeof made === 'string') await send(request, response, written(made));
      else {
        const name = `${language} ${String(chosen !== undefined)} ${made.name}`;
        await send(
          request,
          response,
          kept.get(name, () => written(made.make())),
        );
      }
    };
  const missing = ({ site, response }: Asked): string => {
    const body = notFoundPage(site);
    response.status(404).set('Cache-Control', 'no-store').type('html').send(body);
    return body;
  };

  const router = Router();
  router.use(pageHeaders());
  router.use(onlyBelow('/assets/', builtFiles(folder)));
  const reading = onlyMethods('GET', 'HEAD', 'OPTIONS');
  router
    .route('/')
    .get(
      page(({ site, query }) => {
        const make = (): string => indexPage(site, entries, query.filters);
        return Object.keys(query.filters).length === 0 ? { name: 'index', make } : make();
      }),
    )
    .all(reading);
  router
    .route('/try')
    .get(page(({ site, query }) => attemptPage(site, query.attempt, cardContext)))
    .post(readBody(deployment), parseBody(deployment), tryIt(deployment, knowing))
    .all(onlyMethods('GET', 'HEAD', 'POST', 'OPTIONS'));
  router
    .route(`/${gatheredId}`)
    .get(page(({ site }) => ({ name: gatheredId, make: () => gatheredPage(site) })))
    .all(reading);
  router
    .route('/recommendations/:id')
    .get(
      page((asked, request) => {
        const entry = entries.find(({ recommendation }) => recommendation.id === request.params['id']);
        if (entry === undefined) return missing(asked);
        return { name: entry.recommendation.id, make: () => recommendationPage(asked.site, entries, entry) };
      }),
    )
    .all(reading);
  router
    .route('/:rule')
    .get(
      page((asked, request) => {
        const rule = knowledge.rules.get(String(request.params['rule']));
        if (rule === undefined) return missing(asked);
        const make = (): string => rulePage(asked.site, rule, asked.query.code);
        return asked.query.code === '' ? { name: rule.id, make } : make();
      }),
    )
    .all(reading);
  router.get(/.*/, page(missing));
  router.all(/.*/, reading);
  router.use(errorHandler(deployment.log));
  return router;
}

/** `POST /guideline/try`: what would be said for an example, with some facts supposed. */
function tryIt(
  { prepared, config, clock, baseUrl, newId }: Deployment,
  knowing: (language: Language) => Knowing,
): RequestHandler {
  return (request, response) => {
    const read = readAttempt(request.body, prepared, {
      ownCharts: !config.production,
      today: civilDate(clock()),
    });
    if (!read.ok) {
      const isForbidden = read.problems.some(({ kind }) => kind === 'forbidden');
      refuse(
        response,
        read.problems
          .filter(({ kind }) => (kind === 'forbidden') === isForbidden)
          .map(({ kind, path, message }) =>
            problem(kind === 'forbidden' ? 'FORBIDDEN' : 'REQUEST_INVALID', path, message),
          ),
      );
      return;
    }
    const language = read.attempt.language ?? languageOf(request, prepared.knowledge, config.defaultLanguage);
    const { cards, outcomes } = attempt(read.attempt, knowing(language), { publicBaseUrl: baseUrl(), newId });
    response.set('Content-Language', language).vary('Accept-Language').set('Cache-Control', 'no-store');
    response.type('application/json').send(JSON.stringify({ cards, outcomes: outcomes.map(inNames) }));
  };
}

/** The built style sheet and script, by the manifest that the build wrote; without one, plain pages. */
function assetsIn(folder: string, at: string): Assets {
  try {
    const manifest: unknown = JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8'));
    const entry = member(manifest, 'main.ts');
    const script = member(entry, 'file');
    const styles = member(entry, 'css');
    const style: unknown = Array.isArray(styles) ? styles[0] : undefined;
    return {
      ...(typeof script === 'string' && { script: `${at}/${script}` }),
      ...(typeof style === 'string' && { style: `${at}/${style}` }),
    };
  } catch {
    return {};
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The handler for paths that begin so; the built folder also holds what is nobody's to read. */
function onlyBelow(path: string, handler: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (request.path.startsWith(path)) handler(request, response, next);
    else next();
  };
}

/** Nothing comes from elsewhere, and nothing inside a page is run or framed. */
function pageHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  });
}
