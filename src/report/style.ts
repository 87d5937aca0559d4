/** The look of the report, on a screen and on paper. */
export const style = `
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; margin: 0 auto; padding: 1rem 1.25rem 4rem; max-width: 60rem; }
h1 { font-size: 1.8rem; margin: 1rem 0 .25rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; border-bottom: 2px solid #1f5a96; padding-bottom: .25rem; }
main { display: none; }
input[name=language] { margin: 0 .3rem 0 0; }
label { margin-right: 1rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1.25rem 0; }
.facts div { border: 1px solid #d0d7de; border-radius: 8px; padding: .6rem .8rem; }
.facts dt { font-size: .85rem; color: #4d5761; }
.facts dd { margin: 0; font-size: 1.25rem; font-weight: 600; overflow-wrap: anywhere; }
.facts dd.more { font-size: .85rem; font-weight: 400; color: #4d5761; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid #e3e7eb; overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid #9aa5b1; overflow-wrap: normal; }
tbody th { font-weight: 500; min-width: 8rem; }
th, td { hyphens: auto; }
.n { text-align: right; font-variant-numeric: tabular-nums; min-width: 3rem; }
.note { font-size: .9rem; color: #4d5761; }
.alert { border-left: 4px solid #b3261e; padding: .4rem .8rem; background: #fdecea; }
figure { margin: 1.25rem 0 .5rem; overflow-x: auto; }
figcaption { font-weight: 600; }
.legend { font-weight: 400; font-size: .85rem; margin-left: .75rem; }
.legend i { display: inline-block; width: .8rem; height: .8rem; margin: 0 .3rem 0 .6rem; vertical-align: -1px; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: #1f5a96; }
summary:focus-visible, input:focus-visible + label { outline: 2px solid #1f5a96; outline-offset: 2px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: .9rem/1.45 ui-monospace, monospace; margin: .5rem 0 0; }
code { font-size: .88em; }
.card { border: 1px solid #d0d7de; border-left: 6px solid #1f5a96; border-radius: 6px; padding: .6rem .9rem; margin: .75rem 0; break-inside: avoid; }
.card.warning { border-left-color: #c9a227; }
.card.critical { border-left-color: #b3261e; }
.card p { margin: .2rem 0; }
.card ul { margin: .3rem 0; }
.card .about { font-size: .85rem; color: #4d5761; }
@media print {
  body { max-width: none; font-size: 11pt; padding: 0; }
  input[name=language], label { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  h2 { break-after: avoid; }
  table { font-size: 9pt; }
  .wide, figure { overflow: visible; }
  figure svg { max-width: 100%; height: auto; }
  .n { min-width: 0; }
  tbody th { min-width: 5rem; }
  tr, figure { break-inside: avoid; }
}
`;
