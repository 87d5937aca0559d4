import type { Tone } from './marks.js';

const shapes: Readonly<Record<Tone, string>> = {
  low: 'M6 1.2a4.8 4.8 0 1 0 0 9.6a4.8 4.8 0 1 0 0-9.6Z',
  middle: 'M6 .4L11.6 6L6 11.6L.4 6Z',
  high: 'M6 .6L11.8 11.2H.2Z',
  open: 'M6 1.2a4.8 4.8 0 1 0 0 9.6a4.8 4.8 0 1 0 0-9.6ZM6 3.6a2.4 2.4 0 1 1 0 4.8a2.4 2.4 0 1 1 0-4.8Z',
};

/** A shape for each gravity, so that colour is not the only way to tell them apart. */
export function ToneSign({ tone }: { readonly tone: Tone }) {
  return (
    <svg className={`tone-sign sign-${tone}`} viewBox="0 0 12 12" aria-hidden="true">
      <path d={shapes[tone]} fillRule="evenodd" />
    </svg>
  );
}
