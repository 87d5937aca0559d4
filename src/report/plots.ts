import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escaped, type Markup } from './html.js';

/** One bar, or a part of one. */
export interface Bar {
  readonly name: string;
  /** What the parts of a bar are told apart by. */
  readonly part: string;
  readonly count: number;
}

const widthOfPlot = 760;
const rowHeight = 22;
/** Told apart in print and by those who see colours otherwise. */
const colours = ['#1f5a96', '#c9a227', '#b6bec6'];

interface PlotOptions {
  readonly title: string;
  readonly description: string;
  readonly parts: readonly string[];
  readonly countLabel: string;
}

/** Bars from left to right, as they are given; SVG with a title and a description. */
export function bars(data: readonly Bar[], options: PlotOptions): Markup {
  const names = [...new Set(data.map(({ name }) => name))];
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const longest = Math.max(8, ...names.map((name) => name.length));
  const plot = Plot.plot({
    document,
    width: widthOfPlot,
    height: names.length * rowHeight + 60,
    marginLeft: Math.min(360, longest * 7 + 16),
    marginBottom: 36,
    style: { fontSize: '12px' },
    x: { label: options.countLabel, grid: true },
    y: { label: null, domain: names },
    color: { domain: [...options.parts], range: colours.slice(0, options.parts.length) },
    marks: [Plot.barX([...data], { x: 'count', y: 'name', fill: 'part' }), Plot.ruleX([0])],
  });
  return svg(plot.outerHTML, options);
}

/** Bars side by side over time. */
export function columns(data: readonly Bar[], options: PlotOptions): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const names = [...new Set(data.map(({ name }) => name))];
  const plot = Plot.plot({
    document,
    width: widthOfPlot,
    height: 280,
    marginBottom: 64,
    marginLeft: 52,
    style: { fontSize: '12px' },
    x: { label: null, domain: names, tickRotate: names.length > 12 ? -60 : 0 },
    y: { label: options.countLabel, grid: true },
    color: { domain: [...options.parts], range: colours.slice(0, options.parts.length) },
    marks: [Plot.barY([...data], { x: 'name', y: 'count', fill: 'part' }), Plot.ruleY([0])],
  });
  return svg(plot.outerHTML, options);
}

/** What the colours mean, and a title and a description that are read aloud in place of the picture. */
function svg(drawn: string, { title, description, parts }: PlotOptions): Markup {
  const legend = parts
    .map((part, index) => `<span><i style="background:${colours[index] ?? ''}"></i>${escaped(part)}</span>`)
    .join(' ');
  const label = `<title>${escaped(title)}</title><desc>${escaped(description)}</desc>`;
  // The names that Plot gives to groups of shapes say nothing, and are none for a picture.
  const named = drawn
    .replace(/ aria-label="[^"]*"/g, '')
    .replace(/^<svg /, '<svg role="img" ')
    .replace(/>/, `>${label}`);
  return {
    html: `<figure><figcaption>${escaped(title)} <span class="legend">${legend}</span></figcaption>${named}</figure>`,
  };
}
