import type { Indicator } from '../knowledge/types.js';
import { iconShapes, type IconName, type IconShape } from '../ui/icon-shapes.js';
import { safe, type Html } from './html.js';

const paths = (drawn: readonly string[] | undefined, style: string): string =>
  (drawn ?? []).map((path) => `<path class="${style}" d="${path}"/>`).join('');

function icon(name: IconName): Html {
  const { fills, marks, lines, dashes }: IconShape = iconShapes[name];
  const drawn = [
    paths(fills, 'icon-shape'),
    paths(marks, 'icon-mark'),
    paths(dashes, 'icon-line icon-dashed'),
    paths(lines, 'icon-line'),
  ].join('');
  return safe(
    `<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">${drawn}</svg>`,
  );
}

export const severityIcons: Readonly<Record<Indicator, Html>> = {
  critical: icon('critical'),
  warning: icon('warning'),
  info: icon('info'),
};

export const outcomeIcons: Readonly<Record<'fires' | 'silent' | 'unknown' | 'failed', Html>> = {
  fires: icon('fires'),
  silent: icon('silent'),
  unknown: icon('unknown'),
  failed: icon('failed'),
};
