import { createHash } from 'node:crypto';
import { toComplete } from '../cards/to-complete.js';
import { missingInWords } from '../cards/values.js';
import { wordingOf } from '../engine/answer.js';
import type { Prepared } from '../engine/prepare.js';
import type { Language, Text } from '../knowledge/types.js';
import { gap, type Gap } from '../rules/gap.js';
import { inEach } from '../text.js';

/** A kind of resource that an input reads: type and value set. */
export interface InputKind {
  readonly type: string;
  readonly set?: string;
}

/** What the report says of the knowledge that was played. */
export interface Played {
  readonly services: readonly {
    readonly id: string;
    readonly hooks: readonly string[];
    readonly title: Text;
  }[];
  readonly rules: readonly {
    readonly id: string;
    readonly version: string;
    readonly title: Text;
    readonly services: readonly string[];
    readonly inputs: readonly string[];
  }[];
  /** Inputs that are read from a chart. */
  readonly inputs: readonly {
    readonly name: string;
    readonly title: Text;
    readonly kinds: readonly InputKind[];
  }[];
  /** What may be missing, as its readers know it: inputs, scores and their items, prefetch keys; and the gathered card of scores. */
  readonly names: Readonly<Record<string, Text>>;
  readonly edition: string;
  /** The same for the same rules, settings and codes. */
  readonly digest: string;
}

/** Describes what was prepared. */
export function playedOf(prepared: Prepared, edition: string): Played {
  const services = [...prepared.services.values()];
  const rules = [...prepared.rules.values()].flatMap(({ rule, inputs }) => {
    const of = services.filter((service) => service.rules.some((each) => each.rule.id === rule.id));
    return of.length === 0
      ? []
      : [
          {
            id: rule.id,
            version: rule.version,
            title: rule.title,
            services: of.map(({ definition }) => definition.id),
            inputs: [...inputs],
          },
        ];
  });
  const read = new Set(rules.flatMap(({ inputs }) => inputs));
  const inputs = [...prepared.inputs.values()].flatMap(({ input }) => {
    if (!read.has(input.name) || input.kind !== 'selected') return [];
    const kinds = (prepared.knowledge.graph.inputs.get(input.name)?.charted ?? []).flatMap(
      ({ type, codes, possibly, element }): readonly InputKind[] => {
        const sets = [...(codes ?? []), ...(possibly ?? [])];
        return codes === undefined || (element ?? 'code') !== 'code'
          ? [{ type }]
          : sets.map((set) => ({ type, set }));
      },
    );
    return kinds.length === 0 ? [] : [{ name: input.name, title: input.title, kinds }];
  });
  return {
    services: services.map(({ definition: { id, hooks, title } }) => ({ id, hooks, title })),
    rules,
    inputs,
    names: namesIn(prepared),
    edition,
    digest: digestOf(prepared),
  };
}

function namesIn(prepared: Prepared): Played['names'] {
  const { knowledge } = prepared;
  const codes = knowledge.languages.map(({ code }) => code);
  const scores = [...knowledge.scores.values()];
  const all = [
    ...[...knowledge.inputs.keys()].map((name) => gap('input', name)),
    ...scores.flatMap(({ id, items }) => [gap('score', id), ...items.map((item) => gap('item', item.id))]),
    ...[...prepared.services.values()].flatMap(({ needs }) => needs.map(({ key }) => gap('data', key))),
    gap('element', 'bodySite'),
  ];
  const gatheredIn = (language: Language): string =>
    wordingOf(prepared, language).phrase(`${toComplete}-title`);
  const nameIn = (one: Gap, language: Language): string =>
    missingInWords([one], knowledge, wordingOf(prepared, language)).join();
  return {
    ...Object.fromEntries(all.map((one) => [one.name, inEach(codes, (code) => nameIn(one, code))])),
    [toComplete]: inEach(codes, gatheredIn),
  };
}

function digestOf({ knowledge, rules }: Prepared): string {
  const { settings, valueSets, scores, inputs, phrases } = knowledge;
  const hash = createHash('sha256');
  for (const part of [settings, valueSets, scores, inputs, phrases]) hash.update(JSON.stringify([...part]));
  hash.update(JSON.stringify([...rules.values()].map(({ rule }) => rule)));
  return hash.digest('hex').slice(0, 16);
}
