import type { ReactNode } from 'react';
import { iconShapes, type IconName, type IconShape } from './icon-shapes.js';

const kinds = [
  ['fills', 'icon-shape'],
  ['marks', 'icon-mark'],
  ['dashes', 'icon-line icon-dashed'],
  ['lines', 'icon-line'],
] as const;

/** A drawing beside words that say the same: nothing for a screen reader. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  const shape: IconShape = iconShapes[name];
  return (
    <svg className="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      {kinds.flatMap(([kind, className]) =>
        (shape[kind] ?? []).map((path) => <path key={path} className={className} d={path} />),
      )}
    </svg>
  );
}
