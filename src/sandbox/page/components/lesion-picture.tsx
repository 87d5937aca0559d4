import { useEffect, useState, type ReactNode } from 'react';
import { BodyPicture } from '../../../ui/body/body-picture.js';
import { lesionsOf, type Chart } from '../chart.js';
import { useWording } from '../language.js';
import { marksOf, scoresOf, type ScoreOfLesion } from '../lesion-marks.js';

/**
 * Where the lesions are, with what the service makes of each. Solid is certain; what is only one of several places, since
 * the code names a region or the side is not coded, is dashed.
 */
export function LesionPicture({ chart }: { readonly chart: Chart }): ReactNode {
  const { t } = useWording();
  const [scores, setScores] = useState<readonly ScoreOfLesion[]>([]);
  useEffect(() => {
    let wanted = true;
    void scoresOf(chart).then((found) => {
      if (wanted) setScores(found);
    });
    return () => {
      wanted = false;
    };
  }, [chart]);
  const lesions = lesionsOf(chart);
  const marks = marksOf(lesions, scores);
  if (marks.length === 0) return null;
  const sites = lesions.map(({ lesion, site }) => {
    const mark = marks.find(({ id }) => id === `${lesion.resourceType}/${lesion.id ?? ''}`);
    if (mark === undefined || mark.score === '') return site;
    return t('lesionScored', { site, score: mark.score, total: mark.total });
  });
  return (
    <figure className="lesion-picture">
      <BodyPicture
        marks={marks}
        words={{
          label: t('bodyPicture', { sites: sites.join('; ') }),
          right: t('right'),
          left: t('left'),
          front: t('frontOfBody'),
          back: t('backOfBody'),
          ofPlace: (place) => place,
        }}
      />
      <figcaption className="note">{t('sideUnknown')}</figcaption>
    </figure>
  );
}
