import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chartOf, metastasis, own, result, vertebra } from './charts.js';

const clearance = (extra: Readonly<Record<string, unknown>> = {}, id = 'c') =>
  result(id, '35591-7', 50, 'mL/min', extra);

describe('a chart', () => {
  it('finds a result by the value set of its code', () => {
    expect(chartOf([clearance()]).inSet('Observation', 'creatinine-clearance')).toHaveLength(1);
  });

  it('finds it by any of two codings', () => {
    const both = {
      coding: [
        { system: 'http://local', code: 'X1' },
        { system: 'http://loinc.org', code: '35591-7' },
      ],
    };
    expect(chartOf([clearance({ code: both })]).inSet('Observation', 'creatinine-clearance')).toHaveLength(1);
  });

  it('does not find the same code of another system', () => {
    const foreign = { coding: [{ system: 'http://local', code: '35591-7' }, { code: '35591-7' }] };
    expect(chartOf([clearance({ code: foreign })]).inSet('Observation', 'creatinine-clearance')).toEqual([]);
  });

  it.each(['entered-in-error', 'cancelled', 'preliminary', 'registered', 'unknown', undefined])(
    'sets aside a result with status %s, and says so',
    (status) => {
      const chart = chartOf([clearance({ status })]);
      expect(chart.inSet('Observation', 'creatinine-clearance')).toEqual([]);
      expect([...chart.setAside.values()]).toEqual([1]);
    },
  );

  it.each(['final', 'amended', 'corrected'])('counts a result with status %s', (status) => {
    expect(chartOf([clearance({ status })]).inSet('Observation', 'creatinine-clearance')).toHaveLength(1);
  });

  it.each([
    ['MedicationRequest', 'active', 'ordered'],
    ['MedicationRequest', 'on-hold', 'past'],
    ['MedicationRequest', 'stopped', 'past'],
    ['MedicationStatement', 'active', 'current'],
    ['MedicationStatement', 'on-hold', 'past'],
    ['Appointment', 'waitlist', 'ordered'],
  ])('takes a %s that is %s as %s', (resourceType, status, state) => {
    const [fact] = chartOf([{ resourceType, id: 'm', status }]).ofType(resourceType);
    expect(fact?.state).toBe(state);
  });

  it.each(['constructor', '__proto__', 'toString'])(
    'reads a status or type named %s as no word at all',
    (word) => {
      const chart = chartOf([
        { resourceType: 'Procedure', id: 'p', status: word },
        { resourceType: word, id: 'x', status: 'completed', code: { text: 'x' } },
      ]);
      expect(chart.ofType('Procedure')).toEqual([]);
      expect(chart.setAside.get('status-does-not-count')).toBe(2);
    },
  );

  it.each(['<b>', '\ud800', 'a/b', 'a b', 'x'.repeat(129)])('names no resource by the id «%s»', (id) => {
    const [fact] = chartOf([metastasis(id)]).ofType('Condition');
    expect(fact?.reference).toBe('Condition');
  });

  it.each(['draft_1', '1', 'a.b-c~d'])('names a resource by the id «%s», as EHRs give them', (id) => {
    const [fact] = chartOf([metastasis(id)]).ofType('Condition');
    expect(fact?.reference).toBe(`Condition/${id}`);
  });

  it.each(['nullified', 'cancelled', 'noshow'])('sets aside a stay or visit that is %s', (status) => {
    expect(chartOf([{ resourceType: 'Encounter', id: 'e', status }]).ofType('Encounter')).toEqual([]);
  });

  it.each(['cancelled', 'revoked', 'entered-in-error', 'nullified'])(
    'sets aside a draft that is %s',
    (status) => {
      const order = { resourceType: 'ServiceRequest', id: 'r', status };
      expect(chartOf([], [order]).ofType('ServiceRequest')).toEqual([]);
    },
  );

  it.each([
    ['active', 'current'],
    ['recurrence', 'current'],
    ['inactive', 'past'],
    ['remission', 'past'],
    ['resolved', 'past'],
  ])('takes a problem that is %s as %s', (code, state) => {
    const problem = metastasis('m', [vertebra.T10], { clinicalStatus: { coding: [{ code }] } });
    expect(chartOf([problem]).ofType('Condition')[0]?.state).toBe(state);
  });

  it.each(['cancelled', 'entered-in-error', 'draft'])('sets aside a prescription that is %s', (status) => {
    expect(
      chartOf([{ resourceType: 'MedicationRequest', id: 'm', status }]).ofType('MedicationRequest'),
    ).toEqual([]);
  });

  it('sets aside a result of the future, but not one of tomorrow (time zones)', () => {
    expect(chartOf([clearance({ effectiveDateTime: '2026-10-16' })]).setAside.size).toBe(0);
    expect([...chartOf([clearance({ effectiveDateTime: '2026-10-17' })]).setAside.keys()]).toEqual([
      'dated-in-the-future',
    ]);
  });

  it('takes the later of two versions of one resource, in whatever order they come', () => {
    const old = clearance({ meta: { lastUpdated: '2026-10-01T00:00:00Z' }, status: 'final' });
    const corrected = clearance({
      meta: { lastUpdated: '2026-10-02T00:00:00Z' },
      status: 'entered-in-error',
    });
    for (const order of [
      [old, corrected],
      [corrected, old],
    ]) {
      expect(chartOf(order).inSet('Observation', 'creatinine-clearance')).toEqual([]);
    }
  });

  it.each([
    ['another offset', '2026-10-01T23:30:00-02:00', '2026-10-02T00:30:00Z'],
    ['more digits', '2026-10-02T00:00:00.500Z', '2026-10-02T00:00:00Z'],
    ['none at all', '2026-10-02T00:00:00Z', undefined],
  ])('tells the later version by its moment, not by its text: %s', (_, later, earlier) => {
    const version = (lastUpdated: string | undefined, value: number) =>
      result('c', '35591-7', value, 'mL/min', lastUpdated === undefined ? {} : { meta: { lastUpdated } });
    for (const order of [
      [version(later, 1), version(earlier, 2)],
      [version(earlier, 2), version(later, 1)],
    ]) {
      const [fact] = chartOf(order).inSet('Observation', 'creatinine-clearance');
      expect(fact?.resource['valueQuantity']).toMatchObject({ value: 1 });
    }
  });

  it('holds both orders to which an EHR gave one id, and the same order once', () => {
    const order = (code: string) => ({
      resourceType: 'ServiceRequest',
      id: 'new',
      status: 'draft',
      code: { coding: [{ system: 'https://bone-metastasis-cds.example/fhir/CodeSystem/order', code }] },
    });
    const drafts = [order('bone-scan'), order('dental-panoramic'), order('bone-scan')];
    const chart = chartOf([order('dental-assessment')], drafts);
    const orders = chart.ofType('ServiceRequest');
    expect(orders.map(({ reference, resource }) => [reference, resource.id])).toEqual([
      ['ServiceRequest/new', undefined],
      ['ServiceRequest/new', undefined],
    ]);
    expect(['bone-scan', 'dental-panoramic'].map((set) => chart.inSet('ServiceRequest', set).length)).toEqual(
      [1, 1],
    );
    expect([...chart.setAside]).toEqual([['duplicate', 2]]);
    expect(chartOf([], [order('bone-scan'), order('bone-scan')]).ofType('ServiceRequest')).toMatchObject([
      { resource: { id: 'new' } },
    ]);
  });

  it('takes the draft for the stored version of the same order', () => {
    const order = {
      resourceType: 'ServiceRequest',
      id: 'r',
      status: 'active',
      code: {
        coding: [{ system: 'https://bone-metastasis-cds.example/fhir/CodeSystem/order', code: 'bone-scan' }],
      },
    };
    const chart = chartOf([order], [{ ...order, status: 'draft' }]);
    expect(chart.inSet('ServiceRequest', 'bone-scan').map(({ draft }) => draft)).toEqual([true]);
    expect([...chart.setAside]).toEqual([['duplicate', 1]]);
  });

  it.each(['ServiceRequest', 'MedicationRequest'])(
    'takes a %s not to perform for no order',
    (resourceType) => {
      const order = { resourceType, id: 'r', status: 'active', doNotPerform: true };
      for (const chart of [chartOf([order]), chartOf([], [order])]) {
        expect(chart.ofType(resourceType)).toEqual([]);
        expect([...chart.setAside]).toContainEqual(['do-not-perform', 1]);
      }
      expect(chartOf([{ ...order, doNotPerform: false }]).ofType(resourceType)).toHaveLength(1);
    },
  );

  it.each(['stopped', 'completed'])(
    'takes a drug that is signed as %s for past, not for ordered',
    (status) => {
      const drug = { resourceType: 'MedicationRequest', id: 'm', status: 'active' };
      const [fact, ...more] = chartOf([drug], [{ ...drug, status }]).ofType('MedicationRequest');
      expect([fact?.draft, fact?.state, more]).toEqual([false, 'past', []]);
      expect(chartOf([], [{ ...drug, status: 'on-hold' }]).ofType('MedicationRequest')[0]?.draft).toBe(true);
    },
  );

  describe('with an order that refers to its drug', () => {
    const code = { coding: [{ system: 'http://www.whocc.no/atc', code: 'M05BX04' }] };
    const order = (reference: string, ...contained: readonly object[]) => ({
      resourceType: 'MedicationRequest',
      id: 'm',
      status: 'draft',
      medicationReference: { reference },
      contained,
    });
    const medication = (elements: object) => ({ resourceType: 'Medication', id: 'drug', ...elements });

    it.each([
      ['contained', [order('#drug', medication({ code }))]],
      ['beside it', [order('https://ehr.example/fhir/Medication/drug'), medication({ code })]],
      ['beside it, by version', [order('Medication/drug/_history/2'), medication({ code })]],
      ['an ingredient', [order('#drug', medication({ ingredient: [{ itemCodeableConcept: code }] }))]],
      [
        'an ingredient by reference, contained in the drug',
        [
          order('Medication/drug'),
          medication({
            ingredient: [{ itemReference: { reference: '#s' } }],
            contained: [{ resourceType: 'Substance', id: 's', code }],
          }),
        ],
      ],
      [
        'an ingredient by reference, contained in the order',
        [
          order('#drug', medication({ ingredient: [{ itemReference: { reference: '#s' } }] }), {
            resourceType: 'Substance',
            id: 's',
            code,
          }),
        ],
      ],
      [
        'an ingredient beside it, under a code of the hospital',
        [
          order('Medication/drug'),
          medication({
            code: { coding: [{ system: 'https://hospital.example/drugs', code: '17' }] },
            ingredient: [{ itemReference: { reference: 'Medication/base' } }],
          }),
          { resourceType: 'Medication', id: 'base', code },
        ],
      ],
      [
        'one known code among several',
        [order('#drug', medication({ code: { coding: [{ code: '17' }, ...code.coding] } }))],
      ],
    ])('knows the drug that is %s', (_, drafts) => {
      const chart = chartOf([], drafts);
      expect(chart.inSet('MedicationRequest', 'denosumab')).toHaveLength(1);
    });

    it.each([
      ['contained without a code', [order('#drug', medication({ code: { text: 'Xgeva' } }))]],
      ['nowhere', [order('Medication/drug')]],
      ['another', [order('#other', medication({ code }))]],
    ])('never guesses the drug that is %s', (_, drafts) => {
      const chart = chartOf([], drafts);
      expect(chart.inSet('MedicationRequest', 'denosumab')).toEqual([]);
    });
  });

  describe('with an entry that carries no known code', () => {
    const procedure = (id: string, code: object) => ({
      resourceType: 'Procedure',
      id,
      status: 'completed',
      code,
    });
    const hospital = 'https://hospital.example/acts';

    it.each([
      ['its text', { text: 'Laminectomie T10' }],
      ['the name of an unknown code', { coding: [{ system: hospital, code: '17', display: 'Laminectomy' }] }],
      ['a name without a code', { coding: [{ display: 'LAMINECTOMY' }] }],
    ])('says from %s what it may be, and asserts nothing', (_, code) => {
      const chart = chartOf([procedure('p', code)]);
      expect(chart.inSet('Procedure', 'spine-surgery')).toEqual([]);
      const [fact, ...more] = chart.possiblyInSet('Procedure', 'spine-surgery');
      expect([fact?.reference, more]).toEqual(['Procedure/p', []]);
      expect([...(fact?.possibleSets ?? [])]).toEqual(['spine-surgery', 'bone-surgery-any']);
      expect(chart.possiblyInSet('Procedure', 'cementoplasty')).toEqual([]);
      expect(chart.possiblyInSet('ServiceRequest', 'spine-surgery')).toEqual([]);
    });

    it.each([
      ['a known code', { coding: [{ system: `${own}/order`, code: 'bone-scan' }], text: 'Laminectomy' }],
      ['words that name nothing of the kind', { text: 'Chest X-ray' }],
      ['an unknown code alone', { coding: [{ system: hospital, code: '17' }] }],
      ['nothing', {}],
    ])('leaves nothing open where there is %s', (_, code) => {
      const [fact] = chartOf([procedure('p', code)]).ofType('Procedure');
      expect(fact?.possibleSets.size).toBe(0);
    });

    it.each([
      ['the text of the drug', { medicationCodeableConcept: { text: 'Xgeva 120 mg' } }],
      ['the name of the reference', { medicationReference: { reference: 'Medication/9', display: 'Xgeva' } }],
      [
        'an ingredient in words',
        {
          medicationReference: { reference: '#d' },
          contained: [
            {
              resourceType: 'Medication',
              id: 'd',
              ingredient: [{ itemCodeableConcept: { text: 'Dénosumab' } }],
            },
          ],
        },
      ],
    ])('reads %s', (_, drug) => {
      const chart = chartOf([{ resourceType: 'MedicationRequest', id: 'm', status: 'active', ...drug }]);
      expect(chart.possiblyInSet('MedicationRequest', 'antiresorptives')).toHaveLength(1);
    });
  });

  it('counts a completed order neither as ordered nor as done', () => {
    const order = {
      resourceType: 'ServiceRequest',
      id: 'r',
      status: 'completed',
      code: {
        coding: [{ system: 'https://bone-metastasis-cds.example/fhir/CodeSystem/order', code: 'bone-scan' }],
      },
    };
    expect(
      chartOf([order])
        .inSet('ServiceRequest', 'bone-scan')
        .map(({ state }) => state),
    ).toEqual(['past']);
  });

  it('never throws, whatever JSON stands where a resource should be', () => {
    const types = [
      'Observation',
      'Condition',
      'BodyStructure',
      'MedicationRequest',
      'Procedure',
      'Appointment',
      'Patient',
    ];
    const resource = fc
      .tuple(
        fc.constantFrom(...types),
        fc.dictionary(
          fc.constantFrom(
            'id',
            'status',
            'code',
            'bodySite',
            'effectivePeriod',
            'valueQuantity',
            'extension',
            'focus',
            'contained',
            'medicationReference',
            'dosageInstruction',
          ),
          fc.jsonValue(),
        ),
      )
      .map(([resourceType, rest]) => ({ ...rest, resourceType }));
    fc.assert(
      fc.property(fc.array(resource, { maxLength: 8 }), (resources) => {
        chartOf([metastasis('m', [vertebra.T10]), ...resources]);
      }),
      { numRuns: 300 },
    );
  });
});
