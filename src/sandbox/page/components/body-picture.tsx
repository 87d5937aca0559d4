import type { ReactNode } from 'react';
import bodyMap from '../../../../fixtures/sandbox/body-map.json';
import type { Lesion } from '../chart.js';
import { useWording } from '../language.js';

const sitesByCode: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(bodyMap.codes));

function codesOf({ lesion }: Lesion): readonly string[] {
  const places = lesion.resourceType === 'Condition' ? (lesion.bodySite ?? []) : [lesion.location ?? {}];
  return places.flatMap(({ coding = [] }) => coding.map(({ code = '' }) => code));
}

/**
 * Where the lesions are, on a skeleton seen from the front. Solid is certain; what is only one of several places, since
 * the code names a region or does not say the side, is dashed.
 */
export function BodyPicture({ lesions }: { readonly lesions: readonly Lesion[] }): ReactNode {
  const { t } = useWording();
  const found = lesions.flatMap(codesOf).map((code) => sitesByCode.get(code) ?? []);
  const isMidline = (site: string): boolean =>
    bodyMap.shapes.filter((shape) => shape.site === site).length === 1;
  const exact = new Set(
    found
      .filter((sites) => sites.length === 1)
      .flat()
      .filter(isMidline),
  );
  const possible = new Set(found.flat());
  if (possible.size === 0) return null;
  const markOf = (site: string): string => {
    if (exact.has(site)) return 'bone bone-lesion';
    return possible.has(site) ? 'bone bone-possible' : 'bone';
  };
  const label = t('bodyPicture', { sites: lesions.map(({ site }) => site).join(', ') });
  return (
    <figure className="body-picture">
      <svg viewBox="24 6 152 364" role="img" aria-label={label}>
        {bodyMap.shapes.map(({ site, x, y, width, height }) => (
          <rect
            key={`${site}-${x}`}
            className={markOf(site)}
            data-site={site}
            x={x}
            y={y}
            width={width}
            height={height}
            rx={Math.min(width, height) / 3}
          />
        ))}
      </svg>
      <figcaption className="note">{t('sideUnknown')}</figcaption>
    </figure>
  );
}
