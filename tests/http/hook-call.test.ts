import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkResponse } from '../../src/cds-hooks/response.js';
import {
  call,
  cardAbout,
  cardsOf,
  codesOf,
  denosumab,
  orderSign,
  patientView,
  post,
  startService,
  type TestService,
} from './running.js';

let service: TestService;
let review: string;
let safety: string;
let fhirServer: string;

beforeAll(async () => {
  service = await startService();
  review = `${service.url}/cds-services/bone-metastasis-review`;
  safety = `${service.url}/cds-services/antiresorptive-safety`;
  fhirServer = `${service.url}/sandbox/fhir`;
});
afterAll(() => service.stop());

/** What an EHR would prefetch: every template of the service, read from the sandbox. */
async function prefetchOf(id: string, patient: string): Promise<Record<string, unknown>> {
  const { services } = (await call(`${service.url}/cds-services`)).body as {
    services: readonly { id: string; prefetch?: Record<string, string> }[];
  };
  const templates = Object.entries(services.find((entry) => entry.id === id)?.prefetch ?? {});
  const read = templates.map(async ([key, template]) => {
    const { body } = await call(`${fhirServer}/${template.replace('{{context.patientId}}', patient)}`);
    return [key, body] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

const withoutIds = (text: string): string => text.replace(/"uuid":"[0-9a-f-]{36}"/g, '');

describe('the chart of a patient who has died', () => {
  it.each([
    ['a date of death', { deceasedDateTime: '2026-11-17' }, 0],
    ['the word that the patient has died', { deceasedBoolean: true }, 0],
    ['the word that the patient has not', { deceasedBoolean: false }, 1],
  ])('gets advice only for the living: %s', async (_, death, least) => {
    const prefetch = await prefetchOf('bone-metastasis-review', 'claire-moreau');
    const patient = { ...(prefetch['patient'] as object), ...death };
    const answer = await post(review, {
      ...patientView('claire-moreau'),
      prefetch: { ...prefetch, patient },
    });
    expect(answer.status).toBe(200);
    expect(Math.min(cardsOf(answer).length, 1)).toBe(least);
  });
});

describe('an order of the EHR', () => {
  const drug = {
    resourceType: 'Medication',
    code: { coding: [{ system: 'http://www.whocc.no/atc', code: 'M05BX04' }] },
  };
  const order = { ...denosumab('john-whitfield'), medicationCodeableConcept: undefined };
  const address = 'urn:uuid:6d1f0f4c-6a5c-4a9f-9a44-0f5f8f1b2c3d';
  const signed = async (entry: readonly unknown[]) => {
    const request = orderSign('john-whitfield', [], { fhirServer });
    const context = { ...request.context, draftOrders: { resourceType: 'Bundle', entry } };
    return post(safety, { ...request, context });
  };

  it.each([drug, { ...drug, id: 'm' }])(
    'is understood by the new Medication that came with it',
    async (medication) => {
      const resource = { ...order, medicationReference: { reference: address } };
      const answer = await signed([{ resource }, { fullUrl: address, resource: medication }]);
      expect(cardAbout(answer, 'T-18')?.indicator).toBe('warning');
      // Nothing of it was changed on the way: a corrected order goes back as a whole.
      expect(answer.text).not.toContain('"Medication/');
    },
  );

  it.each(['draft_1', 'an order', 'x'.repeat(65)])(
    'with the id «%s», which FHIR does not allow, is warned of and not named in an action',
    async (id) => {
      const dose = [{ doseAndRate: [{ doseQuantity: { value: 60, unit: 'mg', code: 'mg' } }] }];
      const actionsFor = async (change: Readonly<Record<string, unknown>>) => {
        const answer = await signed([{ resource: denosumab('john-whitfield', change) }]);
        expect([answer.status, cardsOf(answer).length > 0]).toEqual([200, true]);
        const types = cardsOf(answer).flatMap(({ suggestions = [] }) =>
          suggestions.flatMap(({ actions }) => actions.map(({ type }) => type)),
        );
        return types.filter((type) => type !== 'create');
      };
      expect(await actionsFor({ dosageInstruction: dose })).toEqual(['update', 'delete']);
      expect(await actionsFor({ dosageInstruction: dose, id })).toEqual([]);
    },
  );

  it.each([{ doNotPerform: true }, { status: 'stopped' }])(
    'that says not to give the drug gets no card about giving it: %j',
    async (change) => {
      const answer = await signed([{ resource: denosumab('john-whitfield', change) }]);
      expect([answer.status, cardsOf(answer)]).toEqual([200, []]);
    },
  );
});

describe('two orders to which an EHR gave one id', () => {
  const paracetamol = { coding: [{ system: 'http://www.whocc.no/atc', code: 'N02BE01' }] };
  const twins = [
    denosumab('john-whitfield', { medicationCodeableConcept: paracetamol }),
    denosumab('john-whitfield'),
  ];

  it.each([
    ['one way', twins],
    ['the other way', [...twins].reverse()],
  ])('are both judged, %s round, and none is named', async (_, drafts) => {
    const request = orderSign('john-whitfield', drafts, { fhirServer });
    const answer = await post(safety, request);
    expect(cardAbout(answer, 'T-18')?.indicator).toBe('warning');
    expect(answer.text).not.toContain('denosumab-draft');
    const selections = ['MedicationRequest/denosumab-draft'];
    const selected = await post(safety, {
      ...request,
      hook: 'order-select',
      context: { ...request.context, selections },
    });
    expect(cardAbout(selected, 'T-18')).toBeDefined();
  });
});

describe('the dental card', () => {
  it('is given for denosumab without a dental assessment on record', async () => {
    const answer = await post(
      safety,
      orderSign('john-whitfield', [denosumab('john-whitfield')], { fhirServer }),
    );
    expect(answer.status).toBe(200);
    const card = cardAbout(answer, 'T-18');
    expect(card?.indicator).toBe('warning');
    expect(
      card?.suggestions
        ?.flatMap(({ actions }) => actions.map(({ resource }) => JSON.stringify(resource)))
        .join(),
    ).toMatch(/dental-assessment.*dental-panoramic/);
    expect(checkResponse(answer.body)).toEqual([]);
  });

  it('speaks French', async () => {
    const request = orderSign('john-whitfield', [denosumab('john-whitfield')], { fhirServer });
    const answer = await post(safety, request, { 'accept-language': 'fr' });
    expect(cardAbout(answer, 'T-18')?.summary).toContain('bilan bucco-dentaire');
    expect(answer.headers.get('content-language')).toBe('fr');
  });

  it('is silent when the assessment is a draft of the same request', async () => {
    const dental = {
      resourceType: 'ServiceRequest',
      id: 'dental',
      status: 'draft',
      intent: 'order',
      subject: { reference: 'Patient/john-whitfield' },
      code: {
        coding: [
          { system: 'https://bone-metastasis-cds.example/fhir/CodeSystem/order', code: 'dental-assessment' },
        ],
      },
    };
    const answer = await post(
      safety,
      orderSign('john-whitfield', [denosumab('john-whitfield'), dental], { fhirServer }),
    );
    expect(cardAbout(answer, 'T-18')).toBeUndefined();
  });

  it('aims at the selected order only', async () => {
    const select = (selections: readonly string[]) => {
      const request = orderSign('john-whitfield', [denosumab('john-whitfield')], { fhirServer });
      return post(safety, { ...request, hook: 'order-select', context: { ...request.context, selections } });
    };
    expect(cardAbout(await select(['MedicationRequest/denosumab-draft']), 'T-18')).toBeDefined();
    expect(cardsOf(await select(['MedicationRequest/another']))).toEqual([]);
  });

  it('never guesses what an order with a text only is', async () => {
    const told = async (text: string) => {
      const order = denosumab('john-whitfield', { medicationCodeableConcept: { text } });
      const answer = await post(safety, orderSign('john-whitfield', [order], { fhirServer }));
      expect(answer.status).toBe(200);
      return cardsOf(answer).map(({ indicator, extension }) => {
        const own = extension['example.bone-metastasis-cds'];
        return [own?.rule, own?.outcome, indicator];
      });
    };
    // Words that name an antiresorptive are said to do so, and nothing is asserted of them.
    expect(await told('Xgeva 120 mg')).toEqual([
      ['dental-assessment-before-antiresorptive', 'unknown', 'info'],
    ]);
    expect(await told('Doliprane 1 g')).toEqual([]);
  });

  it('understands a medicationReference, contained or on the server', async () => {
    const { medicationCodeableConcept, ...rest } = denosumab('john-whitfield');
    const contained = {
      ...rest,
      contained: [{ resourceType: 'Medication', id: 'm', code: medicationCodeableConcept }],
      medicationReference: { reference: '#m' },
    };
    expect(
      cardAbout(await post(safety, orderSign('john-whitfield', [contained], { fhirServer })), 'T-18'),
    ).toBeDefined();
    await call(`${fhirServer}/Medication/xgeva`, {
      method: 'PUT',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: 'Medication', id: 'xgeva', code: medicationCodeableConcept }),
    });
    const referenced = { ...rest, medicationReference: { reference: 'Medication/xgeva' } };
    expect(
      cardAbout(await post(safety, orderSign('john-whitfield', [referenced], { fhirServer })), 'T-18'),
    ).toBeDefined();
  });
});

describe('the SINS card', () => {
  it('shows the sum and asks for a surgical opinion', async () => {
    const answer = await post(review, patientView('claire-moreau', { fhirServer }));
    const card = cardAbout(answer, 'P-09');
    expect(card?.summary).toBe('SINS 10 (T10–T11): ask for a surgical opinion');
    expect(card?.detail).toContain('SINS 10 = location 3 + pain 3 + lytic 2 + ');
    expect(checkResponse(answer.body)).toEqual([]);
  });

  it('is the same twice, apart from its ids', async () => {
    const request = patientView('claire-moreau', { fhirServer });
    const [first, second] = [await post(review, request), await post(review, request)];
    expect(withoutIds(first.text)).toBe(withoutIds(second.text));
    expect(first.text).not.toBe(second.text);
  });
});

describe('the same chart gives the same cards however the data arrive', () => {
  it.each(['claire-moreau', 'amina-benali', 'henri-dubois', 'margaret-oconnor', 'robert-miller'])(
    '%s',
    async (patient) => {
      const fetched = await post(review, patientView(patient, { fhirServer }));
      const prefetch = await prefetchOf('bone-metastasis-review', patient);
      const given = await post(review, patientView(patient, { prefetch }));
      expect(given.status).toBe(200);
      const stripped = (text: string) => withoutIds(text).replaceAll(/"url":"[^"]*smart[^"]*"/g, '');
      expect(stripped(given.text)).toBe(stripped(fetched.text));
      const keys = Object.keys(prefetch);
      const half = Object.fromEntries(Object.entries(prefetch).filter((_, index) => index % 2 === 0));
      const mixed = await post(review, patientView(patient, { prefetch: half, fhirServer }));
      expect(stripped(mixed.text)).toBe(stripped(fetched.text));
      expect(keys.length).toBeGreaterThan(3);
    },
  );
});

describe('data that cannot be had', () => {
  it('without prefetch and without a FHIR server gets 412, and the process lives', async () => {
    const answer = await post(review, patientView('claire-moreau'));
    expect([answer.status, new Set(codesOf(answer))]).toEqual([412, new Set(['DATA_UNAVAILABLE'])]);
    // The code of the reason, which stays, and what it means, for who has no manual at hand.
    expect(answer.text).toContain('no-fhir-access (not prefetched, and no fhirServer');
    expect((await call(`${service.url}/healthz`)).status).toBe(200);
  });

  it('also for an order that needs them', async () => {
    const answer = await post(safety, orderSign('john-whitfield', [denosumab('john-whitfield')]));
    expect(answer.status).toBe(412);
  });

  it('is no matter for an order that concerns no rule: no data are asked for', async () => {
    const paracetamol = denosumab('john-whitfield', {
      medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'N02BE01' }] },
    });
    const answer = await post(safety, orderSign('john-whitfield', [paracetamol]));
    expect([answer.status, cardsOf(answer)]).toEqual([200, []]);
  });

  it.each([
    ['no key', {}],
    ['some keys', { conditions: null, patient: { resourceType: 'Patient', id: 'john-whitfield' } }],
  ])('is no matter for such an order at any service, with %s prefetched', async (_, prefetch) => {
    const paracetamol = denosumab('john-whitfield', {
      medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'N02BE01' }] },
    });
    const { services } = (await call(`${service.url}/cds-services`)).body as {
      services: readonly { id: string; hook: string }[];
    };
    const signed = services.filter(({ hook }) => hook === 'order-sign');
    expect(signed.length).toBeGreaterThan(4);
    for (const { id } of signed) {
      const answer = await post(
        `${service.url}/cds-services/${id}`,
        orderSign('john-whitfield', [paracetamol], { prefetch }),
      );
      expect([id, answer.status, cardsOf(answer)]).toEqual([id, 200, []]);
    }
  });

  it('null everywhere means «none»: evaluated, not refused', async () => {
    const prefetch = Object.fromEntries(
      Object.keys(await prefetchOf('bone-metastasis-review', 'x')).map((key) => [key, null]),
    );
    const answer = await post(review, patientView('nobody', { prefetch }));
    expect([answer.status, cardsOf(answer)]).toEqual([200, []]);
  });

  it('an OperationOutcome in prefetch never reads as «no data»', async () => {
    const prefetch = await prefetchOf('antiresorptive-safety', 'john-whitfield');
    const failed = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] };
    const request = orderSign('john-whitfield', [denosumab('john-whitfield')], {
      prefetch: { ...prefetch, procedures: failed },
    });
    const answer = await post(safety, request);
    expect(answer.status).toBe(200);
    const card = cardAbout(answer, 'T-18');
    const extension = card?.extension['example.bone-metastasis-cds'];
    // Whether the assessment was done is a guard: the card comes, and says that it could not be checked.
    expect([card?.indicator, extension?.outcome]).toEqual(['warning', 'fires']);
    expect(extension?.unchecked).toContain('procedures');
  });

  it.each(['a string', 42, [], { resource: {}, response: {} }])(
    'a prefetch of the wrong shape (%j) reads as missing',
    async (value) => {
      const prefetch = await prefetchOf('antiresorptive-safety', 'john-whitfield');
      const request = orderSign('john-whitfield', [denosumab('john-whitfield')], {
        prefetch: { ...prefetch, procedures: value },
      });
      const extension = cardAbout(await post(safety, request), 'T-18')?.extension[
        'example.bone-metastasis-cds'
      ];
      expect([extension?.outcome, extension?.unchecked]).toEqual(['fires', ['procedures']]);
    },
  );

  it('of another patient refuses the request', async () => {
    const prefetch = await prefetchOf('bone-metastasis-review', 'claire-moreau');
    const answer = await post(review, patientView('amina-benali', { prefetch }));
    expect([answer.status, codesOf(answer)[0]]).toEqual([400, 'REQUEST_INVALID']);
    expect(answer.text).not.toContain('claire-moreau');
    const draft = await post(
      safety,
      orderSign('amina-benali', [denosumab('john-whitfield')], { fhirServer }),
    );
    expect(draft.status).toBe(400);
  });

  it.each([
    'https://169.254.169.254/',
    'http://user:pass@127.0.0.1:3000/fhir',
    'https://ehr.example.org/fhir',
    'file:///etc/passwd',
    'http://127.0.0.1.evil.example/fhir',
  ])('a fhirServer that is not allowed (%s) gets 400', async (server) => {
    const answer = await post(review, patientView('claire-moreau', { fhirServer: server }));
    expect([answer.status, codesOf(answer)[0]]).toEqual([400, 'REQUEST_INVALID']);
  });

  it('a FHIR server that is down gets 412', async () => {
    const answer = await post(
      review,
      patientView('claire-moreau', { fhirServer: 'http://127.0.0.1:9/fhir' }),
    );
    expect(answer.status).toBe(412);
  });
});

describe('what is left behind', () => {
  it('is one log line for each hook call, without patient, token or body', async () => {
    await post(
      review,
      patientView('claire-moreau', {
        fhirServer,
        fhirAuthorization: {
          access_token: 'planted-token',
          token_type: 'Bearer',
          expires_in: 300,
          scope: 'patient/*.rs',
          subject: 'cds',
        },
      }),
    );
    const lines = service.logged().filter(({ msg }) => msg === 'hook call');
    expect(lines.at(-1)).toMatchObject({ service: 'bone-metastasis-review', hook: 'patient-view' });
    expect(service.logText()).not.toMatch(/planted-token|claire|moreau|Practitioner|whitfield/i);
  });

  it('is a histogram for each service on /metrics', async () => {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    expect(text).toMatch(
      /cds_hook_duration_seconds_count\{service="bone-metastasis-review",hook="patient-view",status="200"\} \d/,
    );
    expect(text).toMatch(
      /cds_rule_outcomes_total\{service="bone-metastasis-review",rule="sins-surgical-opinion",outcome="fires"\}/,
    );
    expect(text).not.toMatch(/claire|moreau|whitfield/i);
  });

  it('is readiness with its checks', async () => {
    const answer = await call(`${service.url}/readyz`);
    expect([answer.status, answer.body]).toMatchObject([200, { status: 'ready' }]);
  });
});

describe('a referral to a surgeon', () => {
  interface Created {
    readonly code?: { readonly coding?: readonly { readonly code?: string }[] };
    readonly reasonReference?: readonly unknown[];
  }
  interface Suggesting {
    readonly suggestions?: readonly {
      readonly actions?: readonly { readonly type: string; readonly resource?: Created }[];
    }[];
  }
  const referralsFor = async (body: object): Promise<readonly Created[]> => {
    const { cards } = (await post(`${service.url}/guideline/try`, body)).body as {
      readonly cards: readonly Suggesting[];
    };
    return cards
      .flatMap(({ suggestions = [] }) => suggestions.flatMap(({ actions = [] }) => actions))
      .flatMap(({ type, resource }) => (type === 'create' && resource !== undefined ? [resource] : []))
      .filter(({ code }) => code?.coding?.some((coding) => coding.code === 'surgical-opinion') === true);
  };

  it('is offered once, whichever surgeon the rules of a level name', async () => {
    const chart = ['vertebralMetastasisT10T11', 'sinsComplete', 'vertebralFracture'];
    expect(await referralsFor({ service: 'bone-metastasis-review', chart, language: 'en' })).toHaveLength(1);
  });

  it('names all lesions that orders of radiotherapy are for', async () => {
    const chart = ['vertebralMetastasisT10T11', 'femurMetastasis', 'sinsThirteen', 'mirelsComplete'];
    const drafts = ['radiotherapyDraft', 'femurRadiotherapyDraft'];
    const referrals = await referralsFor({ service: 'radiotherapy', chart, drafts, language: 'en' });
    expect(referrals.map(({ reasonReference }) => reasonReference?.length)).toEqual([2]);
  });
});
