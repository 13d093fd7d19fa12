/** Of the report: the same on paper as on the screen. */
export const style = `
:root { --ink: #16202b; --soft: #516172; --line: #dde3ea; --back: #f3f5f8; --in: #0a7298; --out: #c9650f; --accent: #0b6e8f; --bad: #b3261e;
  --warn: #8f5a00; --good: #176b42; }
* { box-sizing: border-box; }
html { background: var(--back); }
body { max-width: 210mm; margin: 0 auto; padding: 14mm; background: #fff; color: var(--ink); font: 10.5pt/1.45 system-ui, "Segoe UI", Roboto,
  "Noto Sans", "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
header { border-bottom: 2px solid var(--accent); padding-bottom: 10px; margin-bottom: 14px; }
header p { margin: 0; color: var(--soft); }
.kind { color: var(--accent); font-weight: 650; letter-spacing: .02em; }
h1 { font-size: 21pt; line-height: 1.15; margin: 2px 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 13.5pt; margin: 18px 0 6px; padding-top: 4px; break-after: avoid; }
p { margin: 6px 0; }
.soft, .note { color: var(--soft); }
.note { font-size: 9pt; }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px; margin: 0 0 12px; padding: 0; }
.figures div { border: 1px solid var(--line); border-radius: 8px; padding: 8px 10px; break-inside: avoid; }
dt { color: var(--soft); font-size: 9pt; } dd { margin: 0; } .figures .value { font-size: 15pt; font-weight: 650; line-height: 1.25; }
.findings { margin: 0 0 6px; padding: 0; list-style: none; }
.findings li { padding: 5px 0 5px 20px; border-top: 1px solid var(--line); position: relative; }
.findings li::before { content: ""; position: absolute; left: 3px; top: 12px; width: 8px; height: 8px; border-radius: 4px; background: var(--good); }
.findings .watch::before { background: #d99a1c; border-radius: 1px; } .findings .act::before { background: var(--bad); border-radius: 1px; }
figure { margin: 8px 0 10px; break-inside: avoid; }
figcaption, caption { text-align: left; font-weight: 600; font-size: 10pt; padding-bottom: 4px; }
caption { padding-top: 6px; }
.key { font-weight: 400; color: var(--soft); margin-left: 14px; font-size: 9pt; }
.key::before { content: ""; display: inline-block; width: 10px; height: 10px; margin-right: 5px; border-radius: 2px; vertical-align: -1px; }
.key.part-1::before, .key.total::before, .key.p50::before, .key.answered::before { background: var(--in); }
.key.part-2::before, .key.p90::before { background: var(--out); }
.key.before::before { height: 0; border-top: 2px dashed var(--ink); border-radius: 0; vertical-align: 3px; }
.plot { display: block; width: 100%; height: auto; }
.plot text { font: 10px system-ui, "DejaVu Sans", sans-serif; fill: var(--soft); }
.line { fill: none; stroke-width: 1.4; stroke: var(--in); } .line.grid { stroke: var(--line); stroke-width: 1; }
.line.before { stroke: var(--ink); stroke-width: 1.3; stroke-dasharray: 4 3; } .line.p90 { stroke: var(--out); }
.area { fill: var(--in); fill-opacity: .18; stroke: none; } .part-1, .heat { fill: var(--in); } .part-2 { fill: var(--out); } rect.back { fill: var(--back); }
table { width: 100%; border-collapse: collapse; font-size: 9pt; margin-bottom: 10px; }
thead { display: table-header-group; } tr, .together { break-inside: avoid; }
th, td { text-align: left; font-weight: 400; padding: 3px 8px 3px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
thead th { color: var(--soft); font-size: 8.5pt; white-space: nowrap; } .number { text-align: right; white-space: nowrap; } tfoot th, tfoot td { font-weight: 650; border-bottom-color: var(--soft); }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 0 22px; } .two > * { min-width: 0; break-inside: avoid; }
td.number + td:not(.number), th.number + th:not(.number) { padding-left: 14px; }
.beside { display: inline-block; min-width: 4.6em; text-align: right; }
.bar { width: 46px; height: 7px; border-radius: 2px; vertical-align: 1px; } .bar .full { fill: var(--in); } .bar .back { fill: #e6ebf0; } .bar.warn .full { fill: #d99a1c; } .bar.bad .full { fill: var(--bad); }
.bad { color: var(--bad); font-weight: 600; } .warn { color: var(--warn); font-weight: 600; }
small { color: var(--soft); font-size: 8.5pt; display: block; }
footer { margin-top: 20px; border-top: 1px solid var(--line); padding-top: 8px; color: var(--soft); font-size: 8.5pt; }
footer p { margin: 2px 0; }
@media (max-width: 640px) { body { padding: 16px; } .figures, .two { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } .two { grid-template-columns: minmax(0, 1fr); } table { display: block; overflow-x: auto; } }
@page { size: A4; margin: 15mm 14mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt system-ui, sans-serif; color: #516172; } }
@media print { html { background: #fff; } body { max-width: none; padding: 0; } }
`;
