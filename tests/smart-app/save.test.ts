import { describe, expect, it } from '@jest/globals';
import type { Bundle, Observation, QuestionnaireResponse } from 'fhir/r4.js';
import { FhirFailure } from '../../src/smart-app/chart.js';
import { problemOf, save, type Writing } from '../../src/smart-app/save.js';

const observation: Observation = {
  resourceType: 'Observation',
  status: 'final',
  code: {},
  subject: { reference: 'Patient/p1' },
  identifier: [{ system: 'urn:s', value: 'form-1' }],
};
const form: QuestionnaireResponse = { resourceType: 'QuestionnaireResponse', status: 'completed' };

function ehr(
  answers: Readonly<Record<string, unknown>>,
): Writing & { readonly written: string[]; readonly asked: string[] } {
  const written: string[] = [];
  const asked: string[] = [];
  const answer = (key: string): Promise<unknown> => {
    const value = answers[key] ?? { resourceType: key, id: 'new' };
    return value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
  };
  return {
    written,
    asked,
    create: (resource) => {
      written.push(resource.resourceType);
      return answer(resource.resourceType);
    },
    search: (address) => {
      asked.push(address);
      return answer('search');
    },
  };
}

describe('saving a score', () => {
  it('writes the score, then the form', async () => {
    const server = ehr({});
    await expect(save(observation, form, false, server)).resolves.toEqual({
      kind: 'saved',
      observation: 'Observation/new',
      form: 'saved',
    });
    expect(server.written).toEqual(['Observation', 'QuestionnaireResponse']);
    expect(server.asked).toEqual([]);
  });

  it('writes no form when the score was refused, and passes the reasons on', async () => {
    const server = ehr({ Observation: new FhirFailure(422, ['code is not allowed here']) });
    await expect(save(observation, form, false, server)).resolves.toEqual({
      kind: 'failed',
      problem: 'invalid',
      details: ['code is not allowed here'],
    });
    expect(server.written).toEqual(['Observation']);
  });

  it('keeps the score when only the form is refused', async () => {
    const server = ehr({ QuestionnaireResponse: new FhirFailure(403) });
    await expect(save(observation, form, false, server)).resolves.toMatchObject({
      kind: 'saved',
      form: 'refused',
    });
  });

  it('does not write twice what an earlier try whose answer was lost has stored', async () => {
    const server = ehr({ search: { entry: [{ resource: { resourceType: 'Observation', id: 'first' } }] } });
    await expect(save(observation, form, true, server)).resolves.toMatchObject({
      observation: 'Observation/first',
    });
    expect(server.written).toEqual(['QuestionnaireResponse']);
    expect(server.asked[0]).toContain('identifier=urn%3As%7Cform-1');
  });

  it('writes on the second try what the first did not store', async () => {
    const server = ehr({ search: { resourceType: 'Bundle' } });
    await save(observation, form, true, server);
    expect(server.written).toEqual(['Observation', 'QuestionnaireResponse']);
  });

  it('does not write blindly when it cannot be known whether the first try was stored', async () => {
    const server = ehr({ search: new FhirFailure() });
    await expect(save(observation, form, true, server)).resolves.toMatchObject({ problem: 'no-answer' });
    expect(server.written).toEqual([]);
  });

  describe('to a server that takes transactions', () => {
    const taking = (answer: unknown) => {
      const server = ehr({});
      const sent: Bundle[] = [];
      const transact = (bundle: Bundle): Promise<unknown> => {
        sent.push(bundle);
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      };
      return { ...server, sent, transact };
    };

    it('writes both at once, and the score says which form it is derived from', async () => {
      const server = taking({
        entry: [
          { response: { location: 'https://ehr.example/fhir/QuestionnaireResponse/f/_history/1' } },
          { response: { location: 'Observation/o/_history/1' } },
        ],
      });
      await expect(save(observation, form, false, server)).resolves.toEqual({
        kind: 'saved',
        observation: 'Observation/o',
        form: 'saved',
      });
      expect(server.written).toEqual([]);
      const [first, second] = server.sent[0]?.entry ?? [];
      expect([first?.request, second?.request]).toEqual([
        { method: 'POST', url: 'QuestionnaireResponse' },
        { method: 'POST', url: 'Observation' },
      ]);
      expect(second?.resource).toMatchObject({ derivedFrom: [{ reference: first?.fullUrl }] });
    });

    it('writes nothing twice where the server does not say what it has stored', async () => {
      const server = taking({ resourceType: 'Bundle' });
      await expect(save(observation, form, false, server)).resolves.toMatchObject({ kind: 'saved' });
      expect(server.written).toEqual([]);
    });

    it.each([400, 403, 404, 405, 422, 501])(
      'writes one by one where it is refused with %i',
      async (status) => {
        const server = taking(new FhirFailure(status));
        await expect(save(observation, form, false, server)).resolves.toMatchObject({ kind: 'saved' });
        expect(server.written).toEqual(['Observation', 'QuestionnaireResponse']);
      },
    );

    it.each([
      [401, 'session'],
      [500, 'server'],
      [undefined, 'no-answer'],
    ])('does not write one by one after %s: it may be stored', async (status, problem) => {
      const server = taking(new FhirFailure(status));
      await expect(save(observation, form, false, server)).resolves.toMatchObject({ problem });
      expect(server.written).toEqual([]);
    });
  });

  it.each([
    [401, 'session'],
    [403, 'forbidden'],
    [409, 'conflict'],
    [412, 'precondition'],
    [400, 'invalid'],
    [422, 'invalid'],
    [500, 'server'],
    [503, 'server'],
    [404, 'refused'],
    [undefined, 'no-answer'],
  ])('calls status %s %s', (status, problem) => {
    expect(problemOf(status)).toBe(problem);
  });
});
