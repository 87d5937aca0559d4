import { expect, it } from '@jest/globals';
import { answer } from '../../src/engine/answer.js';
import { exampleDay } from '../../src/engine/examples.js';
import type { Prepared } from '../../src/engine/prepare.js';
import { warmUp } from '../../src/engine/warm-up.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();

/** The same knowledge, so that nobody else's warm-up counts, with the services noted that are asked. */
function watched(asked: string[]): Prepared {
  const services = [...prepared.services].map(([id, service]) => {
    const rules = service.rules.map((rule) => ({
      ...rule,
      *evaluating(...given: Parameters<typeof rule.evaluating>) {
        asked.push(id);
        return yield* rule.evaluating(...given);
      },
    }));
    return [id, { ...service, rules }] as const;
  });
  return { ...prepared, services: new Map(services) };
}

it('asks every service, and a second start with the same knowledge none', () => {
  const asked: string[] = [];
  const knowledge = watched(asked);
  warmUp(knowledge);
  expect(new Set(asked)).toEqual(new Set(prepared.services.keys()));
  const before = asked.length;
  warmUp(knowledge);
  expect(asked).toHaveLength(before);
});

it('leaves nothing behind that an answer would show', () => {
  const service = prepared.services.get('bone-metastasis-review');
  if (service === undefined) throw new Error('there is no review');
  const provisions = new Map(
    service.needs.map(({ key }) => [key, { state: 'given', resources: [], incomplete: false }] as const),
  );
  const ask = () =>
    answer({
      prepared,
      service,
      hook: { drafts: [], selected: 'all', today: exampleDay },
      needs: service.needs,
      gathered: { provisions, companions: [], setAside: new Map(), requests: 0 },
      context: { patientId: 'p', today: exampleDay, publicBaseUrl: '', newId: () => 'id' },
      language: 'en',
    });
  const before = ask();
  warmUp({ ...prepared });
  expect(ask().outcomes.map(({ kind }) => kind)).toEqual(before.outcomes.map(({ kind }) => kind));
});
