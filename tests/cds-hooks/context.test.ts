import { describe, expect, it } from '@jest/globals';

import { contextResources } from '../../src/cds-hooks/context.js';
import { readHookRequest } from '../../src/cds-hooks/request.js';
import type { HookRequest } from '../../src/cds-hooks/types.js';
import { accepted, bundle, call } from './calls.js';

function read(hook: string, context: object = {}): HookRequest {
  return accepted(call(hook, context));
}

const ids = (request: HookRequest) => contextResources(request).drafts.map((draft) => draft.id);

const denosumab = { resourceType: 'MedicationRequest', id: 'denosumab', status: 'draft' };
const scan = { resourceType: 'ServiceRequest', id: 'scan', status: 'active' };

describe('the drafts of a request', () => {
  it.each([
    ['patient-view', []],
    ['encounter-start', []],
    ['encounter-discharge', []],
    ['order-select', ['draft-1']],
    ['order-sign', ['draft-1']],
    ['order-dispatch', []],
    ['appointment-book', ['a1']],
    ['problem-list-item-create', ['c1']],
    ['allergyintolerance-create', ['al1']],
    ['medication-refill', ['draft-1']],
    ['medication-verify', ['draft-1']],
    ['org.example.custom', []],
  ])('of %s are %j', (hook, expected) => {
    expect(ids(read(hook))).toEqual(expected);
  });

  it('keep their order, their identity, and signed orders among them', () => {
    const { drafts } = contextResources(read('order-sign', { draftOrders: bundle(denosumab, scan) }));
    expect(drafts).toHaveLength(2);
    expect(drafts[0]).toBe(denosumab);
    expect(drafts[1]).toBe(scan);
  });

  it('are those of the Tasks that dispatch an order, in either spelling', () => {
    const task = { resourceType: 'Task', id: 't1' };
    expect(ids(read('order-dispatch', { fulfillmentTasks: [task] }))).toEqual(['t1']);
    expect(ids(read('order-dispatch', { 'fulfillment-tasks': [task] }))).toEqual(['t1']);
  });
});

describe('the selections of order-select', () => {
  it('single out what the user is working on', () => {
    const request = read('order-select', {
      draftOrders: bundle(denosumab, scan),
      selections: ['MedicationRequest/denosumab'],
    });
    expect(contextResources(request).selected).toEqual(new Set(['MedicationRequest/denosumab']));
  });

  it('may be an empty list, which selects nothing', () => {
    expect(contextResources(read('order-select', { selections: [] })).selected).toEqual(new Set());
  });

  it('do not exist for other hooks, where all drafts count', () => {
    expect(contextResources(read('order-sign')).selected).toBe('all');
  });

  it('must be references', () => {
    const reading = readHookRequest(call('order-select', { selections: ['ServiceRequest/a', 'scan'] }));
    expect(reading).toMatchObject({ ok: false, problems: [{ path: 'context.selections[1]' }] });
  });
});

describe('lax spellings', () => {
  it('of a Bundle without type, as the CDS Hooks Sandbox sends it', () => {
    const draftOrders = {
      resourceType: 'Bundle',
      entry: [{ resource: { ...denosumab, category: { coding: [{ code: 'community' }] } } }],
    };
    const { drafts } = contextResources(read('order-sign', { draftOrders }));
    expect(drafts).toEqual([{ ...denosumab, category: { coding: [{ code: 'community' }] } }]);
  });

  it('keep a fullUrl, which references between drafts need', () => {
    const fullUrl = 'urn:uuid:7a5c5f0e-3f0c-4b57-9d0b-6a0f3f1d2b11';
    const request = read('order-sign', {
      draftOrders: {
        ...bundle(),
        entry: [
          { fullUrl, resource: denosumab },
          { fullUrl: '', resource: scan },
        ],
      },
    });
    expect(request.context).toMatchObject({
      draftOrders: { type: 'collection', entry: [{ fullUrl, resource: denosumab }, { resource: scan }] },
    });
  });

  it.each([undefined, null, []])('of a Bundle whose entry is %j: nothing is drafted', (entry) => {
    expect(ids(read('order-sign', { draftOrders: { resourceType: 'Bundle', entry } }))).toEqual([]);
  });

  it('count entries that are no resources and leave them out', () => {
    const entry = [null, 'text', {}, { resource: null }, { resource: { id: 'x' } }, { resource: denosumab }];
    const request = read('order-sign', { draftOrders: { resourceType: 'Bundle', entry } });
    expect(ids(request)).toEqual(['denosumab']);
    expect(request.droppedEntries).toBe(5);
  });

  it('never lose an order over an unusable id', () => {
    const { drafts } = contextResources(
      read('order-sign', { draftOrders: bundle({ ...denosumab, id: null }, { ...scan, id: 7 }) }),
    );
    expect(drafts).toEqual([
      { resourceType: 'MedicationRequest', status: 'draft' },
      { resourceType: 'ServiceRequest', status: 'active' },
    ]);
  });

  it('of appointments as a plain array', () => {
    const appointments = [
      { resourceType: 'Appointment', id: 'a1' },
      { resource: { resourceType: 'Appointment', id: 'a2' } },
      'a3',
    ];
    const request = read('appointment-book', { appointments });
    expect(ids(request)).toEqual(['a1', 'a2']);
    expect(request.droppedEntries).toBe(1);
  });

  it('of an allergy wrapped as a Bundle entry, or in a Bundle', () => {
    const allergy = { resourceType: 'AllergyIntolerance', id: 'latex' };
    expect(ids(read('allergyintolerance-create', { allergyIntolerance: { resource: allergy } }))).toEqual([
      'latex',
    ]);
    const older = { allergyIntolerance: undefined, allergyIntolerances: bundle(allergy) };
    expect(ids(read('allergyintolerance-create', older))).toEqual(['latex']);
  });

  it('of dispatched orders with a hyphen', () => {
    const context = { dispatchedOrders: null, 'dispatched-orders': ['ServiceRequest/scan'] };
    expect(read('order-dispatch', context).context).toMatchObject({
      dispatchedOrders: ['ServiceRequest/scan'],
    });
  });

  it('of a verified medication called order', () => {
    expect(ids(read('medication-verify', { medication: null, order: denosumab }))).toEqual(['denosumab']);
  });

  it('of patient and encounter ids with their type', () => {
    const context = { patientId: 'Patient/martin', encounterId: 'Encounter/stay-1' };
    expect(read('patient-view', context).context).toMatchObject({
      patientId: 'martin',
      encounterId: 'stay-1',
    });
  });
});
