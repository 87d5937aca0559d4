import type { ReactNode } from 'react';
import type { Observation } from 'fhir/r4.js';
import { conceptText } from '../chart.js';
import { useWording, type Wording } from '../language.js';

function valueText(observation: Observation, { t, number }: Wording): string | undefined {
  const { valueQuantity, valueInteger, valueBoolean, valueString, valueCodeableConcept, valueRatio } =
    observation;
  if (valueQuantity?.value !== undefined) {
    const { comparator = '', value, unit, code = '' } = valueQuantity;
    return `${comparator}${number(value)} ${unit ?? code}`.trim();
  }
  if (valueInteger !== undefined) return number(valueInteger);
  if (valueBoolean !== undefined) return t(valueBoolean ? 'yes' : 'no');
  if (valueCodeableConcept !== undefined) return conceptText(valueCodeableConcept);
  const [part, whole] = [valueRatio?.numerator?.value, valueRatio?.denominator?.value];
  if (part !== undefined && whole !== undefined) return `${number(part)}/${number(whole)}`;
  return valueString;
}

const trusted: readonly string[] = ['final', 'amended', 'corrected'];

/** The value with its unit; a missing one, and a status that no one should rely on, are said in words. */
export function ObservationValue({ observation }: { readonly observation: Observation }): ReactNode {
  const wording = useWording();
  const { t, status } = wording;
  const items = observation.component?.length ?? 0;
  const value = valueText(observation, wording);
  return (
    <>
      {value ?? (items > 0 ? t('items', { count: items }) : t('noValue'))}{' '}
      {!trusted.includes(observation.status) && <span className="flag">{status(observation.status)}</span>}
    </>
  );
}
