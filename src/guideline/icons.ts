import type { Indicator } from '../knowledge/types.js';
import { safe, type Html } from './html.js';

const icon = (shape: string): Html =>
  safe(
    `<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">${shape}</svg>`,
  );

const mark = '<path class="icon-mark" d="M10 5.4v5.6M10 14.2v.1"/>';

/** A severity is told by its shape as well as by its colour: octagon, triangle, circle. */
export const severityIcons: Readonly<Record<Indicator, Html>> = {
  critical: icon(`<path class="icon-shape" d="M6.4 1.5h7.2l4.9 4.9v7.2l-4.9 4.9H6.4l-4.9-4.9V6.4z"/>${mark}`),
  warning: icon(
    '<path class="icon-shape" d="M10 1.8 19 17.8H1z"/><path class="icon-mark" d="M10 7.4v5M10 15.2v.1"/>',
  ),
  info: icon(
    '<circle class="icon-shape" cx="10" cy="10" r="8.6"/><path class="icon-mark" d="M10 9.2v5.4M10 5.8v.1"/>',
  ),
};

export const outcomeIcons: Readonly<Record<'fires' | 'silent' | 'unknown' | 'failed', Html>> = {
  fires: icon('<path class="icon-line" d="M3 4.5h14v9H9l-4 3.2v-3.2H3z"/>'),
  silent: icon('<circle class="icon-line" cx="10" cy="10" r="7.5"/><path class="icon-line" d="M6 10h8"/>'),
  unknown: icon(
    '<circle class="icon-line" cx="10" cy="10" r="7.5" stroke-dasharray="3 2.4"/><path class="icon-line" d="M7.8 8.1c.2-1.4 1.2-2.1 2.3-2.1 1.3 0 2.3.9 2.3 2 0 1.8-2.3 1.8-2.3 3.6M10 14v.1"/>',
  ),
  failed: icon('<path class="icon-line" d="m5 5 10 10M15 5 5 15"/>'),
};
