import { describe, expect, it } from '@jest/globals';
import type { CodeSystem, PlanDefinition, ValueSet } from 'fhir/r4.js';
import { errorCodes } from '../../src/cds-hooks/outcome.js';
import { publish } from '../../src/publish/publish.js';
import { shippedPrepared } from '../shared/knowledge.js';

const { knowledge } = await shippedPrepared();
const english = publish(knowledge, { edition: '2024', language: 'en' });
const french = publish(knowledge, { edition: '2024', language: 'fr' });

function codeSystem(id: string, table = english): CodeSystem {
  const found = table.CodeSystem.get(id);
  if (found?.resourceType !== 'CodeSystem') throw new Error(`no CodeSystem ${id}`);
  return found;
}

function codes(id: string): readonly string[] {
  return (codeSystem(id).concept ?? []).map(({ code }) => code);
}

const valueSets = [...english.ValueSet.values()].filter(
  (each): each is ValueSet => each.resourceType === 'ValueSet',
);
const plans = [...english.PlanDefinition.values()].filter(
  (each): each is PlanDefinition => each.resourceType === 'PlanDefinition',
);

/** The codes that others rely on. */
const findings =
  `lesion-type lytic mixed sclerotic vertebral-height-loss vertebral-body-involvement cortical-destruction
  canal-narrowing tumour-cord-distance pain-mechanism mechanical non-mechanical none ambulation unaided aided
  non-ambulatory paraplegic motor-deficit-duration extraspinal-bone-metastases vertebral-metastases
  visceral-metastases resectable unresectable epidural-extension posterior-wall-retropulsion pain-controlled
  bone-remission soft-tissue-extension cortical-breach disease-stable life-expectancy trochanteric-region`.split(
    /\s+/,
  );
const orders =
  `dental-assessment dental-panoramic surgical-opinion tumour-board bone-scan fdg-pet-ct whole-spine-mri
  lesion-mri stereotactic-radiotherapy external-beam-radiotherapy cementoplasty kyphoplasty thermal-ablation
  microwave-ablation focused-ultrasound percutaneous-screw-fixation infiltration neurolysis spine-surgery
  limb-surgery arthroplasty bone-biopsy`.split(/\s+/);

describe('the concept map of reasons', () => {
  it('gives each code of HL7 once, to a reason of ours, and does not make a fact of a wish', () => {
    const map = english.ConceptMap.get('non-adherence-reason');
    const [group] = map?.resourceType === 'ConceptMap' ? (map.group ?? []) : [];
    expect(group?.source).toBe('http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes');
    const pairs = (group?.element ?? []).map(({ code, target = [] }) => [code, target[0]?.code]);
    expect(new Set(pairs.map(([code]) => code)).size).toBe(pairs.length);
    expect(pairs.filter(([, own]) => !knowledge.overrideReasons.has(own ?? ''))).toEqual([]);
    const own = new Map(pairs.map(([code, reason]) => [code, reason]));
    expect(own.get('patient-refuses')).toBe('patient-declines');
    expect(own.get('action-completed')).toBe('done-elsewhere');
    expect(own.get('limited-time')).toBe('not-now');
    expect(own.get('patient-contraindication')).toBe('not-appropriate');
  });
});

describe('the code systems', () => {
  it('hold the findings and the orders that are listed here, and no others', () => {
    expect([...codes('finding')].sort()).toEqual([...findings].sort());
    expect([...codes('order')].sort()).toEqual([...orders].sort());
  });

  it('hold all 214 recommendations with section and edition', () => {
    const { concept = [] } = codeSystem('recommendation');
    expect(concept).toHaveLength(214);
    expect(concept.map(({ code }) => code)).toEqual([...knowledge.recommendations.keys()]);
    const incomplete = concept.filter(
      ({ property = [] }) =>
        !['section', 'edition'].every((code) => property.some((each) => each.code === code)),
    );
    expect(incomplete).toEqual([]);
  });

  it('hold each score, item and answer', () => {
    const expected = [...knowledge.scores.values()].flatMap(({ id, items }) => [
      id,
      ...items.flatMap((item) => [item.id, ...item.answers.map(({ code }) => `${item.id}-${code}`)]),
    ]);
    expect(expected.filter((code) => !codes('score').includes(code))).toEqual([]);
  });

  it('hold the reasons to decline and the error codes', () => {
    expect(codes('override-reason')).toEqual([...knowledge.overrideReasons.keys()]);
    expect(codes('error')).toEqual(errorCodes);
  });

  it('state in whose name and where they hold', () => {
    const { published, jurisdiction, copyright } = knowledge.guideline;
    const said = {
      publisher: published.publisher,
      jurisdiction: [{ coding: [{ code: jurisdiction.code }] }],
    };
    for (const table of Object.values(french))
      for (const resource of table.values()) expect(resource).toMatchObject(said);
    for (const rule of french.PlanDefinition.values())
      expect(rule).toMatchObject({ copyright: copyright.fr });
  });

  it.each(Object.keys(knowledge.guideline.codeSystems))(
    'hold each code of %s once, worded in both languages',
    (id) => {
      const { concept = [], count } = codeSystem(id);
      expect(new Set(concept.map(({ code }) => code)).size).toBe(count);
      const other = codeSystem(id, french).concept ?? [];
      expect(other.map(({ designation }) => designation?.[0]?.value)).toEqual(
        concept.map(({ display }) => display),
      );
      expect(concept.map(({ designation }) => designation?.[0]?.value)).toEqual(
        other.map(({ display }) => display),
      );
      expect(concept.map(({ designation }) => designation?.[0]?.language)).toEqual(concept.map(() => 'fr'));
    },
  );

  it('change their version with their content only', () => {
    expect(codeSystem('score', french).version).toBe(codeSystem('score').version);
    expect(codeSystem('score').version).not.toBe(codeSystem('order').version);
  });
});

describe('the value sets', () => {
  it('are all those of the artifacts, and the answers of each score item', () => {
    const items = [...knowledge.scores.values()].flatMap((score) => score.items);
    expect(valueSets).toHaveLength(knowledge.valueSets.size + items.length);
    const wrong = items.filter(({ id, answers }) => {
      const set = valueSets.find((each) => each.id === `${id}-answers`);
      const held = set?.compose?.include[0]?.concept?.map(({ code }) => code);
      return JSON.stringify(held) !== JSON.stringify(answers.map(({ code }) => `${id}-${code}`));
    });
    expect(wrong).toEqual([]);
  });

  it('name only codes of ours that a published code system holds', () => {
    const unknown = valueSets
      .flatMap(({ compose }) => compose?.include ?? [])
      .flatMap(({ system = '', concept = [] }) => concept.map(({ code }) => ({ system, code })))
      .filter(({ system }) => system.startsWith('https://bone-metastasis-cds.example/'))
      .filter(({ system, code }) => !codes(system.replace(/^.*\//, '')).includes(code));
    expect(unknown).toEqual([]);
  });

  it('speak French, with the English as translation', () => {
    const set = french.ValueSet.get('bone-scan');
    expect(set).toMatchObject({ language: 'fr', title: 'Scintigraphie osseuse' });
    expect(JSON.stringify(set?._title)).toContain('Bone scintigraphy');
    const own =
      set?.resourceType === 'ValueSet'
        ? set.compose?.include.find(({ system }) => system?.endsWith('/CodeSystem/order'))?.concept?.[0]
        : undefined;
    expect(own).toEqual({
      code: 'bone-scan',
      display: 'Scintigraphie osseuse',
      designation: [{ language: 'en', value: 'Bone scintigraphy' }],
    });
  });
});

describe('the plan definitions', () => {
  it('are one per rule, triggered by the hooks of the services that run it', () => {
    const hooks = [...knowledge.rules.keys()].map((id) => [
      ...new Set(
        [...knowledge.services.values()].flatMap((service) =>
          service.rules.includes(id) ? service.hooks : [],
        ),
      ),
    ]);
    expect(plans.map(({ id }) => id)).toEqual([...knowledge.rules.keys()]);
    expect(plans.map(({ action }) => action?.[0]?.trigger?.map(({ name }) => name))).toEqual(hooks);
  });

  it('leave out what a later edition added', () => {
    const older = publish(knowledge, { edition: '2022', language: 'en' }).PlanDefinition;
    const added = [...knowledge.rules.values()].filter(({ edition }) => edition === '2024');
    expect(added.filter(({ id }) => older.has(id))).toEqual([]);
    expect(older.size).toBe(knowledge.rules.size - added.length);
  });

  it('depend only on what is published', () => {
    const known = new Set(
      Object.values(english).flatMap((table) => [...table.values()].map(({ url }) => url)),
    );
    const resources = plans.flatMap(({ relatedArtifact = [] }) =>
      relatedArtifact.flatMap(({ resource }) => resource ?? []),
    );
    expect(resources.length).toBeGreaterThan(0);
    expect(resources.filter((url) => !known.has(url))).toEqual([]);
  });

  it('give every setting that a condition names, with the value in force', () => {
    const missing = plans.flatMap(({ id, extension = [], action }) => {
      const given = new Map(
        extension.map(({ valueExpression }) => [valueExpression?.name, valueExpression?.expression]),
      );
      const written = JSON.stringify(action?.[0]?.condition);
      return [...knowledge.settings]
        .filter(([name]) => new RegExp(`%${name}\\b`).test(written))
        .filter(([name, { value }]) => given.get(name) !== String(value))
        .map(([name]) => `${id ?? ''}: ${name}`);
    });
    expect(missing).toEqual([]);
  });

  it('give the settings that the inputs behind a condition are read with', () => {
    const { extension = [] } = plans.find(({ id }) => id === 'creatinine-rise-under-zoledronic-acid') ?? {};
    const names = extension.map(({ valueExpression }) => valueExpression?.name);
    // How far before the first dose a creatinine counts: a hospital that changes it changes the rule.
    expect(names).toContain('creatinineBaselineReach');
  });

  it('say of every variable of a condition what it stands for', () => {
    const unsaid = plans.flatMap(({ id, extension = [], action }) => {
      const known = new Set([
        ...extension.map(({ valueExpression }) => `%${valueExpression?.name ?? ''}`),
        ...(action?.[0]?.documentation ?? []).map(({ label }) => label),
      ]);
      return (action?.[0]?.condition ?? [])
        .flatMap(({ expression }) => expression?.expression?.match(/%\w+/g) ?? [])
        .filter((name) => !known.has(name))
        .map((name) => `${id ?? ''}: ${name}`);
    });
    expect(unsaid).toEqual([]);
  });

  it('put every calculated variable after those that it is made of', () => {
    const early = plans.flatMap(({ id, extension = [] }) => {
      const names = extension.map(({ valueExpression }) => valueExpression?.name ?? '');
      return extension.flatMap(({ valueExpression }, index) =>
        names
          .slice(index)
          .filter((name) => new RegExp(`%${name}\\b`).test(valueExpression?.expression ?? ''))
          .map((name) => `${id ?? ''}: ${name}`),
      );
    });
    expect(early).toEqual([]);
  });
});

describe('every published resource', () => {
  it('has the canonical URL of its id and holds no null and no empty list', () => {
    for (const [type, table] of Object.entries(english)) {
      for (const [id, resource] of table) {
        expect(resource.url).toBe(`https://bone-metastasis-cds.example/fhir/${type}/${id}`);
        // What the R4 profiles for shareable artifacts ask for.
        const { version, name, title, status, experimental, publisher, description } = resource;
        const said = [version, name, title, status, publisher, description].map((each) => typeof each);
        expect([id, said, experimental]).toEqual([id, Array.from({ length: 6 }, () => 'string'), false]);
        const empty: string[] = [];
        // FHIR JSON knows no null, and no empty text, list or object.
        JSON.stringify(resource, (key, value: unknown) => {
          const isEmpty = value === null || value === '';
          if (isEmpty || (typeof value === 'object' && Object.keys(value).length === 0)) empty.push(key);
          return value;
        });
        expect([id, empty]).toEqual([id, []]);
      }
    }
  });
});
