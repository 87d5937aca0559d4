import scenarios from '../../../fixtures/sandbox/scenarios.json' with { type: 'json' };
import type { Language } from '../../knowledge/types.js';
import { defaultLanguage } from '../../text.js';

/** What is done when a scenario is opened; `what` names an entry of the hospital's catalogue. */
export type Act =
  | { readonly kind: 'open' | 'discharge' }
  | { readonly kind: 'order' | 'sign' | 'record' | 'book'; readonly what: string };

/** What a moment is called, and what happens in it. */
interface Told {
  readonly title: string;
  readonly told: string;
}

/** One moment at which the service speaks. */
export interface Scenario {
  readonly id: string;
  readonly told: ReadonlyMap<Language, Told>;
  readonly hook: string;
  readonly patient: string;
  readonly act: Act;
}

function actOf({ kind, what }: { readonly kind: string; readonly what?: string }): Act {
  if (kind === 'discharge') return { kind };
  if (what === undefined) return { kind: 'open' };
  return kind === 'order' || kind === 'sign' || kind === 'record' || kind === 'book'
    ? { kind, what }
    : { kind: 'open' };
}

/** One for each hook, in the order in which a patient meets them. */
export const allScenarios: readonly Scenario[] = scenarios.map(({ id, hook, patient, act, ...told }) => ({
  id,
  hook,
  patient,
  act: actOf(act),
  told: new Map(Object.entries(told)),
}));

/** A scenario in this language, or in English. */
export function toldIn({ id, told }: Scenario, language: Language): Told {
  return told.get(language) ?? told.get(defaultLanguage) ?? { title: id, told: '' };
}

/** Address of the moment: the chart opens, and what it is about is done once. */
export const scenarioAddress = ({ id, patient }: Scenario): string => `#/patient/${patient}/do/${id}`;
