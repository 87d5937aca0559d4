import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { loadMoments } from '../../src/cli/moments.js';
import { exampleDay, resourceOf } from '../../src/engine/examples.js';
import { whatIf, type Supposition } from '../../src/engine/what-if.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();

/**
 * What is said to whom in which order, and what is held back by what, as text that a clinician can read: for each moment of the demo
 * patients, and for each example chart on which one card gathers several rules or something is held back. `UPDATE_GOLDENS=1` writes it
 * anew; the diff is then read.
 */
const file = 'tests/golden/plans.txt';

function planOf({ cards, outcomes }: Supposition): readonly string[] {
  const told = cards.map(({ card, outcomes: [lead, ...then] }) =>
    [
      `  [${card.indicator}] ${lead?.rule.id ?? ''}`,
      ...then.map(({ rule }) => `    then ${rule.id}`),
    ].join('\n'),
  );
  const held = outcomes.flatMap(({ rule, withheldBy }) =>
    withheldBy === undefined ? [] : [`  held back: ${rule.id} (${withheldBy})`],
  );
  return [...told, ...new Set(held)];
}

function moments(): readonly string[] {
  const all = loadMoments();
  return all.moments.map((moment) => {
    const what = [moment.service, ...all.drafted(moment, 'en')].join(', ');
    const plan = planOf(all.answer(moment, prepared, 'en'));
    return [`${moment.patient}: ${what}`, ...(plan.length === 0 ? ['  nothing is said'] : plan)].join('\n');
  });
}

function examples(): readonly string[] {
  return [...prepared.services.values()].flatMap((service) =>
    service.rules.flatMap(({ rule }) => {
      const example = rule.examples.find(
        ({ outcome, missingData }) => outcome === 'fires' && missingData === undefined,
      );
      if (example === undefined) return [];
      const supposed = whatIf(
        prepared,
        {
          service,
          chart: (example.chart ?? []).map((piece) => resourceOf(piece, prepared)),
          drafts: (example.drafts ?? []).map((piece) => resourceOf(piece, prepared)),
          missingData: [],
          facts: new Map(),
          today: exampleDay,
        },
        {
          patientId: 'p',
          today: exampleDay,
          publicBaseUrl: 'https://cds.example.org',
          newId: () => '00000000-0000-4000-8000-000000000000',
        },
        'en',
      );
      const plan = planOf(supposed);
      const isPlan = plan.some((line) => /\n|held back/.test(line));
      return isPlan ? [[`${service.definition.id}, ${rule.id}: ${example.name}`, ...plan].join('\n')] : [];
    }),
  );
}

describe('the plans', () => {
  it('are those that were read', () => {
    const text = `${['# Demo patients', ...moments(), '# Example charts', ...examples()].join('\n\n')}\n`;
    if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });
});
