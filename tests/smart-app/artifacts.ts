import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Score } from '../../src/knowledge/types.js';
import { readKnowledge, type AppKnowledge, type ScoreForm } from '../../src/smart-app/knowledge.js';

const base = 'https://bone-metastasis-cds.example/fhir';

function artifact(path: string): unknown {
  return parse(readFileSync(`cds-services/${path}`, 'utf8'));
}

/** The scores as their artifacts have them. */
export function rawScores(): readonly Score[] {
  return readdirSync('cds-services/scores')
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => artifact(`scores/${file}`) as Score);
}

/** What the app is given, made from the artifacts. */
export function knowledge(): AppKnowledge {
  const read = readKnowledge({
    version: 'test',
    scores: rawScores().map((score) => ({ ...score, canonicalBase: base, shippedBase: base })),
    sites: artifact('body-sites.yaml'),
    phrases: artifact('phrases.yaml'),
    oldEvidenceMonths: 3,
  });
  if (read === undefined) throw new Error('the artifacts do not make the knowledge of the app');
  return read;
}

/** One score of the artifacts. */
export function scoreOf(id: string): ScoreForm {
  const score = knowledge().scores.find((known) => known.id === id);
  if (score === undefined) throw new Error(`no score ${id}`);
  return score;
}
