/** Of the page. Colours of both series differ in lightness too, in both schemes. */
export const style = `
:root { color-scheme: light dark; --paper: #fbfbfa; --card: #ffffff; --ink: #1d2327; --soft: #57616a; --line: #d9dee2; --grid: #e8ecef;
  --truth: #7d8a96; --truth-fill: #7d8a9633; --told: #b4430c; --second: #1a5f9e; --good: #1a6b3c; --bad: #a32020; --none: #7a4f00; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181b; --card: #1c2226; --ink: #e7ebee; --soft: #a3aeb7; --line: #353e45;
  --grid: #2a3238; --truth: #8d9aa6; --truth-fill: #8d9aa63d; --told: #ff9a5c; --second: #7db8f0; --good: #6fd39a; --bad: #ff8f8f; --none: #f0c060; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 90rem; padding: 1.5rem clamp(1rem, 3vw, 2.5rem) 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.25rem; margin: 2.5rem 0 0; } h3 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0; } .soft { color: var(--soft); }
a { color: inherit; text-underline-offset: .2em; text-decoration-color: var(--soft); }
:focus-visible { outline: 3px solid var(--second); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999rem; } .skip:focus { position: static; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--card); margin-top: 1rem; }
table { border-collapse: collapse; font-size: .8125rem; font-variant-numeric: tabular-nums; }
.scroll table { width: 100%; }
th, td { padding: .4rem .5rem; text-align: right; white-space: nowrap; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-weight: 600; vertical-align: bottom; }
th.text, td.text, tbody th { text-align: left; } tbody th { font-weight: 600; }
.scroll tr > :first-child { position: sticky; left: 0; background: var(--card); padding-left: .75rem; }
.scroll tr > :last-child { padding-right: .75rem; }
abbr { text-decoration: none; cursor: help; }
td.zero, td.absent { color: var(--soft); }
.outcome { font-weight: 600; white-space: nowrap; } .outcome::before { content: "\\25CF  "; }
.passed { color: var(--good); } .failed { color: var(--bad); } .none { color: var(--none); } .skipped { color: var(--soft); }
.failed::before { content: "\\25B2  "; } .none::before { content: "?  "; } .skipped::before { content: "\\25CB  "; }
article { border: 1px solid var(--line); border-radius: 8px; background: var(--card); padding: 1rem 1.25rem; margin-top: 1rem; }
article header { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap; }
.remarks { margin: .5rem 0 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
.plots { display: grid; column-gap: 2rem; grid-template-columns: minmax(0, 1fr); margin-top: 1rem; }
figure { margin: 0 0 1rem; min-width: 0; display: grid; grid-row: span 2; grid-template: subgrid / minmax(0, 1fr); }
@media (min-width: 56rem) { .plots { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .plots > :first-child:not(:last-child):nth-last-child(odd) { grid-column: 1 / -1; } } figcaption { font-size: .875rem; font-weight: 600; }
figcaption span { font-weight: 400; color: var(--soft); display: block; }
.plot { min-height: 230px; margin-top: .25rem; } .plot .u-legend { font-size: .8125rem; text-align: left; margin: 0; color: var(--ink); }
.plot .u-legend th { white-space: nowrap; } .plot .u-value { min-width: 7em; text-align: left; }
.plot .u-legend th, .plot .u-legend td { border: 0; padding: 2px 4px; }
details { margin-top: .75rem; font-size: .875rem; } summary { cursor: pointer; color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0 0; } dt { font-weight: 600; } dd { margin: 0; }
@media print { .plot, tr, article { break-inside: avoid; } }
`;
