import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { playRule, resourceOf, type Played } from '../../src/engine/examples.js';
import type { Rule, RuleExample } from '../../src/knowledge/types.js';
import { shippedPrepared } from '../shared/knowledge.js';
import { isObject } from '../../src/json.js';

const prepared = await shippedPrepared();
const rules = [...prepared.knowledge.rules.values()].filter(({ status }) => status === 'active');

/** Elements that say what a resource is, with the value in the form that the element has. */
const whatItIs = ['code', 'medicationCodeableConcept', 'serviceType', 'type'] as const;
const local = 'https://hospital.example/catalogue';

type Coded = readonly { readonly system?: string; readonly code?: string }[];

function codingsOf(concept: unknown): Coded {
  const codings = isObject(concept) ? concept['coding'] : undefined;
  return Array.isArray(codings) ? (codings as Coded) : [];
}

/** A name that says as much as the codes: of a wider value set alone («antiresorptive») it would say less. */
function nameOf(sets: ReadonlySet<string>): string | undefined {
  return [...sets]
    .flatMap((id) => prepared.knowledge.names.get(id) ?? [])
    .find((name) => [...sets].every((id) => prepared.terminology.mayBeIn(name).has(id)));
}

/** The same entry of a hospital's own catalogue: a code that nobody knows, and a text that is the name of its value set. */
function inWords(resource: FhirResource): FhirResource | undefined {
  for (const element of whatItIs) {
    const written = resource[element];
    const concepts: readonly unknown[] = Array.isArray(written) ? written : [written];
    const sets = concepts
      .flatMap(codingsOf)
      .flatMap(({ system, code }) => prepared.terminology.setsOf(system, code ?? ''));
    const text = nameOf(new Set(sets));
    if (text === undefined) continue;
    const concept = { coding: [{ system: local, code: 'ours-1' }], text };
    return { ...resource, [element]: Array.isArray(written) ? [concept] : concept };
  }
  return undefined;
}

const chartOf = (example: RuleExample): readonly FhirResource[] =>
  (example.chart ?? []).map((piece) => resourceOf(piece, prepared));

const play = (rule: Rule, example: RuleExample, chart: readonly FhirResource[]): Played =>
  playRule(prepared, rule, { ...example, chart });

const offersDrug = ({ cards }: Played): boolean =>
  JSON.stringify(cards.en.map(({ card }) => card.suggestions ?? [])).includes('"MedicationRequest"');

const isMarked = ({ outcomes }: Played): boolean =>
  outcomes.some(({ kind, unread }) => kind === 'unknown' || unread.length > 0);

let replaced = 0;

describe('what stands in words only', () => {
  it.each(rules.map(({ id }) => id))('asserts nothing, and is not none: %s', (id) => {
    const rule = rules.find((each) => each.id === id);
    const wrong: string[] = [];
    for (const example of rule?.examples ?? []) {
      if (rule === undefined) continue;
      const chart = chartOf(example);
      const coded = play(rule, example, chart);
      for (const [index, resource] of chart.entries()) {
        const words = inWords(resource);
        if (words === undefined) continue;
        replaced += 1;
        const told = play(rule, example, chart.with(index, words));
        const absent = play(rule, example, chart.toSpliced(index, 1));
        const where = `${example.name}, ${resource.resourceType}/${resource.id ?? ''} in words`;
        // What the words may mean makes no card; where only a guard leaves it open, the card says so.
        if (absent.kind !== 'fires' && told.kind === 'fires' && !isMarked(told))
          wrong.push(`${where}: asserted`);
        if (coded.kind === 'silent' && absent.kind === 'fires') {
          // The place of a lesion is still coded: an order for it is not for another one.
          const isElsewhere = resource.resourceType === 'Condition' && resource['bodySite'] !== undefined;
          if ((told.kind === 'silent' && !isElsewhere) || (told.kind === 'fires' && !isMarked(told)))
            wrong.push(`${where}: none`);
          else if (offersDrug(told)) wrong.push(`${where}: a drug in one click`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('was tried on many entries', () => {
    expect(replaced).toBeGreaterThan(300);
  });
});

describe('an order in words that name nothing of the kind', () => {
  const radiograph: FhirResource = {
    resourceType: 'ServiceRequest',
    id: 'in-words',
    status: 'draft',
    intent: 'order',
    authoredOn: '2026-10-15',
    code: { text: 'Chest X-ray' },
  };
  const safety = prepared.services.get('antiresorptive-safety')?.rules.map(({ rule }) => rule) ?? [];
  const orders = (rule: Rule): readonly RuleExample[] =>
    rule.examples.filter(({ drafts }) => (drafts ?? []).length > 0);
  const shown = ({ cards }: Played): unknown =>
    [...cards.en, ...cards.fr].map(({ card }) => ({ ...card, uuid: '' }));

  it.each(safety.map(({ id }) => id))('leaves %s as it is', (id) => {
    const rule = safety.find((each) => each.id === id);
    if (rule === undefined) throw new Error(id);
    for (const example of orders(rule)) {
      const expected = [example.name, shown(playRule(prepared, rule, example))];
      const drafts = [...(example.drafts ?? []), radiograph];
      expect([example.name, shown(playRule(prepared, rule, { ...example, drafts }))]).toEqual(expected);
      const chart = [...(example.chart ?? []), { ...radiograph, status: 'active' }];
      expect([example.name, shown(playRule(prepared, rule, { ...example, chart }))]).toEqual(expected);
    }
  });
});

describe('an appointment that says in its description what it is', () => {
  it.each([
    ['RCP oncologie thoracique', ['appointments'], 'fires'],
    ['Kinésithérapie', [], 'fires'],
  ])('%s', (description, unchecked, kind) => {
    const rule = rules.find(({ id }) => id === 'percutaneous-tumour-board');
    if (rule === undefined) throw new Error('no rule');
    const played = playRule(prepared, rule, {
      name: '',
      chart: [
        'vertebralMetastasisT10T11',
        {
          resourceType: 'Appointment',
          id: 'a',
          status: 'fulfilled',
          start: '2026-10-10T09:00:00Z',
          end: '2026-10-10T10:00:00Z',
          description,
        },
      ],
      drafts: ['cementoplastyDraft'],
      outcome: 'fires',
    });
    expect(played.kind).toBe(kind);
    expect(played.outcomes.flatMap(({ unchecked }) => unchecked)).toEqual(unchecked);
    expect(played.text.includes(description)).toBe(unchecked.length > 0);
  });
});
