import type { CodeableConcept } from 'fhir/r4.js';
import type { ReactNode } from 'react';
import bodyMap from '../../../../fixtures/sandbox/body-map.json';
import type { Lesion } from '../chart.js';
import { useWording } from '../language.js';

const sidesByCode: ReadonlyMap<string, string> = new Map(Object.entries(bodyMap.sides));
const middle = 100;
const sitesByCode: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(bodyMap.codes));

function codesOf({ lesion }: Lesion): readonly string[] {
  const places = lesion.resourceType === 'Condition' ? (lesion.bodySite ?? []) : [lesion.location ?? {}];
  return codesIn(places);
}

const codesIn = (concepts: readonly CodeableConcept[]): readonly string[] =>
  concepts.flatMap(({ coding = [] }) => coding.map(({ code = '' }) => code));

/** The one side that is coded; undefined without a code, with both, or where it is not clear which place is meant. */
function sideOf({ lesion }: Lesion): string | undefined {
  const isStructure = lesion.resourceType === 'BodyStructure';
  const places = isStructure ? [lesion.location ?? {}] : (lesion.bodySite ?? []);
  if (places.length !== 1) return undefined;
  const named = [...places, ...(isStructure ? (lesion.locationQualifier ?? []) : [])];
  const sides = new Set(codesIn(named).flatMap((code) => sidesByCode.get(code) ?? []));
  return sides.size === 1 ? [...sides][0] : undefined;
}

/** Seen from the front, the patient's right is at the left of the picture. */
const isAt = (
  side: string | undefined,
  { x, width }: { readonly x: number; readonly width: number },
): boolean => side === undefined || (side === 'right') === x + width / 2 < middle;

/**
 * Where the lesions are, on a skeleton seen from the front. Solid is certain; what is only one of several places, since
 * the code names a region or the side is not coded, is dashed.
 */
export function BodyPicture({ lesions }: { readonly lesions: readonly Lesion[] }): ReactNode {
  const { t } = useWording();
  const found = lesions.flatMap((lesion) =>
    codesOf(lesion).map((code) => ({ sites: sitesByCode.get(code) ?? [], side: sideOf(lesion) })),
  );
  if (found.every(({ sites }) => sites.length === 0)) return null;
  const isMidline = (site: string): boolean =>
    bodyMap.shapes.filter((shape) => shape.site === site).length === 1;
  const markOf = (shape: (typeof bodyMap.shapes)[number]): string => {
    const { site } = shape;
    const here = found.filter(
      ({ sites, side }) => sites.includes(site) && (isMidline(site) || isAt(side, shape)),
    );
    const isCertain = here.some(
      ({ sites, side }) => sites.length === 1 && (side !== undefined || isMidline(site)),
    );
    if (isCertain) return 'bone bone-lesion';
    return here.length > 0 ? 'bone bone-possible' : 'bone';
  };
  const label = t('bodyPicture', { sites: lesions.map(({ site }) => site).join(', ') });
  return (
    <figure className="body-picture">
      <svg viewBox="24 6 152 364" role="img" aria-label={label}>
        {bodyMap.shapes.map((shape) => (
          <rect
            key={`${shape.site}-${shape.x}`}
            className={markOf(shape)}
            data-site={shape.site}
            x={shape.x}
            y={shape.y}
            width={shape.width}
            height={shape.height}
            rx={Math.min(shape.width, shape.height) / 3}
          />
        ))}
      </svg>
      <figcaption className="note">{t('sideUnknown')}</figcaption>
    </figure>
  );
}
