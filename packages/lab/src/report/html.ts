import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pageProgram } from '../paths.js';
import { columns } from './columns.js';
import { type Drawing, drawingsOf } from './drawings.js';
import { type Outcome, outcomeOf, type Result, remarksOf, summaryOf } from './result.js';
import { style } from './style.js';

const uplotFolder = dirname(createRequire(import.meta.url).resolve('uplot'));

/** One page with nothing outside it: a table, and for each result its plots. */
export function html(results: readonly Result[]): string {
  const drawings: Record<string, Drawing> = {};
  const scenarios = [...new Set(results.map(({ scenario }) => scenario))];
  const sections = scenarios.map(name =>
    section(
      name,
      results.filter(({ scenario }) => scenario === name),
      drawings,
    ),
  );
  const uplot = readFileSync(join(uplotFolder, 'uPlot.iife.min.js'), 'utf8');
  const uplotStyle = readFileSync(join(uplotFolder, 'uPlot.min.css'), 'utf8');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>Weir lab: ${escaped(summaryOf(results))}</title>
<style>${uplotStyle}${style}</style>
</head>
<body>
<a class="skip" href="#details">To the plots</a>
<main>
<h1>Weir lab</h1>
<p>${escaped(summaryOf(results))} <span class="soft">&middot; ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC</span></p>
${summary(results)}
${legend()}
<div id="details">
${sections.join('\n')}
</div>
</main>
<script type="application/json" id="drawings">${JSON.stringify(drawings).replaceAll('<', '\\u003c')}</script>
<script>${uplot.replaceAll('</script', '<\\/script')}</script>
<script type="module">${readFileSync(pageProgram, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')}</script>
</body>
</html>
`;
}

function summary(results: readonly Result[]): string {
  const heads = columns.map(
    ({ head, meaning }) => `<th scope="col"><abbr title="${escaped(meaning)}">${escaped(head)}</abbr></th>`,
  );
  const rows = results.map(result => {
    const { scenario, subject, verdict } = result;
    const figures = columns.map(({ text }) => cell(verdict && text(verdict)));
    const link = `<a href="#${escaped(idOf(result))}">${escaped(scenario)}</a>`;
    return `<tr><th scope="row">${link}</th><td class="text">${escaped(subject)}</td><td class="text">${badge(result)}</td>${figures.join('')}</tr>`;
  });
  return `<div class="scroll" role="region" aria-label="All results" tabindex="0"><table>
<thead><tr><th scope="col" class="text">scenario</th><th scope="col" class="text">subject</th><th scope="col" class="text">result</th>${heads.join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
}

function cell(text: string | undefined): string {
  if (text === undefined) return '<td class="absent">-</td>';
  return /^0( \/ 0)?$/.test(text) ? `<td class="zero">${text}</td>` : `<td>${escaped(text)}</td>`;
}

function legend(): string {
  const rows = columns.map(({ head, meaning }) => `<dt>${escaped(head)}</dt><dd>${escaped(meaning)}</dd>`);
  return `<details><summary>What the columns mean</summary><dl>${rows.join('')}</dl></details>`;
}

function section(name: string, results: readonly Result[], drawings: Record<string, Drawing>): string {
  const articles = results.map(result => article(result, drawings));
  return `<section aria-label="${escaped(name)}"><h2>${escaped(name)}</h2><p class="soft">${escaped(results[0]!.description)}</p>
${articles.join('\n')}</section>`;
}

function article(result: Result, drawings: Record<string, Drawing>): string {
  const remarks = remarksOf(result).map(remark => `<li>${escaped(remark)}</li>`);
  const id = idOf(result);
  const its = result.plots === undefined ? [] : drawingsOf(result.plots, result.subject);
  const figures = its.map((drawing, i) => {
    drawings[`${id}-${i}`] = drawing;
    return figure(`${id}-${i}`, drawing);
  });
  return `<article id="${escaped(id)}"><header><h3>${escaped(result.subject)}</h3>${badge(result)}</header>
${remarks.length === 0 ? '' : `<ul class="remarks">${remarks.join('')}</ul>`}
${figures.length === 0 ? '' : `<div class="plots">${figures.join('\n')}</div>`}
</article>`;
}

/** The words say what the picture shows, for who does not see it; with arrow keys its values are read one by one. */
function figure(id: string, { title, words }: Drawing): string {
  const label = `${title}. ${words} Arrow keys move through the values.`;
  return `<figure><figcaption>${escaped(title)}<span>${escaped(words)}</span></figcaption>
<div class="plot" data-drawing="${escaped(id)}" tabindex="0" role="group" aria-label="${escaped(label)}"></div></figure>`;
}

const classes: Record<Outcome, string> = {
  passed: 'passed',
  failed: 'failed',
  'no verdict': 'none',
  skipped: 'skipped',
};

function badge(result: Result): string {
  const outcome = outcomeOf(result);
  return `<span class="outcome ${classes[outcome]}">${outcome}</span>`;
}

function idOf({ scenario, subject }: Result): string {
  return `${scenario}-${subject}`.replace(/[^\w-]+/g, '-');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
