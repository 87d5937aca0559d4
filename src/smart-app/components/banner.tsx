import { nameOf, type Resource } from '../chart.js';
import { dateText } from '../../ui/date-text.js';
import { ageInYears } from '../when.js';
import { useShared } from './context.js';

/** Whose chart this is; on every screen and on the printed page. */
export function Banner({ patient }: { readonly patient: Resource }) {
  const { say, spoken, ageing } = useShared();
  const { birthDate, gender } = patient;
  const name = nameOf(patient);
  const age = typeof birthDate === 'string' ? ageInYears(birthDate, ageing.today) : undefined;
  const known = gender === 'female' || gender === 'male' || gender === 'other' ? gender : 'unknown';
  const facts = [
    say(`banner.gender.${known}`),
    ...(typeof birthDate === 'string' ? [say('banner.born', { date: dateText(birthDate, spoken) })] : []),
    ...(age === undefined ? [] : [say('banner.age', { age })]),
  ];
  return (
    <section className="banner" aria-label={say('banner.label')}>
      <strong>{name === '' ? say('banner.noName') : name}</strong>
      <span>{facts.join(', ')}</span>
    </section>
  );
}
