import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  call,
  orderSign,
  patientView,
  post,
  startService,
  today,
  type TestService,
} from '../http/running.js';
import {
  chartOf,
  descriptions,
  dialects,
  draftOf,
  drugWays,
  prescribedAs,
  sparseTypes,
  type Description,
  type Dialect,
  type DrugWay,
} from './tell.js';

let service: TestService;
let templates: ReadonlyMap<string, Readonly<Record<string, string>>>;
beforeAll(async () => {
  service = await startService({}, { sandbox: false });
  const { services } = (await call(`${service.url}/cds-services`)).body as {
    readonly services: readonly {
      readonly id: string;
      readonly prefetch: Readonly<Record<string, string>>;
    }[];
  };
  templates = new Map(services.map(({ id, prefetch }) => [id, prefetch]));
});
afterAll(() => service.stop());

interface Advice {
  readonly rule: string;
  readonly outcome: string;
  readonly indicator: string;
  readonly recommendations: readonly string[];
  readonly unchecked: readonly string[];
}

/** What the service says of a patient whose EHR writes in this dialect, all of it prefetched. */
async function adviceFor(
  who: Description,
  dialect: Dialect,
  way: DrugWay = 'code',
): Promise<readonly Advice[]> {
  const chart = prescribedAs(chartOf(who, dialect, today), way);
  const prefetch = Object.fromEntries(
    Object.entries(templates.get(who.service) ?? {}).flatMap(
      ([key, template]): readonly [string, unknown][] => {
        const type = /^[A-Za-z]+/.exec(template)?.[0] ?? '';
        // An EHR without a type leaves its key out.
        if (dialect === 'sparse' && !sparseTypes.has(type)) return [];
        const entry = chart.filter(({ resource: { resourceType } }) => resourceType === type);
        if (!template.includes('?')) return [[key, entry[0]?.resource ?? null]];
        const total = entry.length;
        // What prescriptions refer to comes beside them.
        const besides =
          type === 'MedicationRequest' ? chart.filter(({ resource }) => isDrug(resource.resourceType)) : [];
        return [[key, { resourceType: 'Bundle', type: 'searchset', total, entry: [...entry, ...besides] }]];
      },
    ),
  );
  const draft = draftOf(who, dialect);
  const body = draft === undefined ? patientView('p1', { prefetch }) : orderSign('p1', [draft], { prefetch });
  const answer = await post(`${service.url}/cds-services/${who.service}`, body);
  if (answer.status !== 200) throw new Error(`${who.id} in ${dialect}: ${answer.text}`);
  const { cards } = answer.body as {
    readonly cards: readonly {
      readonly indicator: string;
      readonly extension: Readonly<
        Record<string, Omit<Advice, 'indicator' | 'unchecked'> & { unchecked?: string[] }>
      >;
    }[];
  };
  return cards
    .flatMap(({ indicator, extension }) => {
      const own = extension['example.bone-metastasis-cds'];
      if (own === undefined) return [];
      const { rule, outcome, recommendations, unchecked = [] } = own;
      return [{ rule, outcome, indicator, recommendations, unchecked }];
    })
    .sort((a, b) => (a.rule < b.rule ? -1 : 1));
}

const isDrug = (type: string): boolean => type === 'Medication' || type === 'Substance';

const rulesOf = (advice: readonly Advice[]): readonly string[] => advice.map(({ rule }) => rule);

describe.each(descriptions.map((who) => [who.id, who] as const))('%s', (_id, who) => {
  it.each(dialects.filter((dialect) => dialect !== 'us-core' && dialect !== 'sparse'))(
    'gets the same advice in %s as in US Core',
    async (dialect) => {
      const usual = await adviceFor(who, 'us-core');
      expect(await adviceFor(who, dialect)).toEqual(usual);
      expect(usual.length === 0).toBe(who.silent === true);
    },
  );

  it('loses no warning where the EHR has four types only, and says what could not be checked', async () => {
    const grave = (advice: readonly Advice[]): readonly Advice[] =>
      advice.filter(({ indicator }) => indicator !== 'info');
    const usual = await adviceFor(who, 'us-core');
    const sparse = await adviceFor(who, 'sparse');
    const lost = rulesOf(grave(usual)).filter((rule) => !rulesOf(sparse).includes(rule));
    expect(lost).toEqual([]);
    const unchecked = new Set(sparse.flatMap((each) => each.unchecked));
    const known = ['patient', 'conditions', 'observations', 'medicationRequests'];
    expect(known.filter((key) => unchecked.has(key))).toEqual([]);
    if (who.silent === true) expect(grave(sparse)).toEqual([]);
  });
});

describe('a prescription of the chart', () => {
  const treated = descriptions.filter(({ drugs = [] }) => drugs.length > 0);
  const ways = drugWays.filter((way) => way !== 'code');
  it.each(treated.flatMap((who) => ways.map((way) => [who.id, way, who] as const)))(
    '%s: says by %s what it is of as it does by a code',
    async (_id, way, who) => {
      expect(await adviceFor(who, 'us-core', way)).toEqual(await adviceFor(who, 'us-core'));
    },
  );
});

describe('what the sparse charts cannot show', () => {
  it('is named: a card that came because an act could not be looked for says so', async () => {
    const after = descriptions.find(({ id }) => id === 'vertebroplasty-after-a-tumour-board');
    if (after === undefined) throw new Error('no such patient');
    const sparse = await adviceFor(after, 'sparse');
    expect(new Set(sparse.flatMap(({ unchecked }) => unchecked))).toContain('procedures');
    const board = (advice: readonly Advice[]): boolean =>
      advice.some(({ rule }) => rule === 'percutaneous-tumour-board');
    expect([
      board(await adviceFor(after, 'us-core')),
      board(await adviceFor(after, 'french')),
      board(sparse),
    ]).toEqual([false, false, true]);
  });
});
