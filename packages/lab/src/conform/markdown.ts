import type { CaseInfo, Result } from './case.js';
import { collectorCases } from './collecting/cases.js';
import { withLast } from './collecting/run-cases.js';
import { exporterCases } from './exporting/cases.js';
import { bySubject, tally } from './report.js';

/** Results of one kind of process, with the versions of the subjects by name. */
export interface Published {
  readonly collectors: readonly Result[];
  readonly exporters: readonly Result[];
  readonly versions: ReadonlyMap<string, string>;
}

/** The tables of docs/reference/conformance.md: what each case means, how the subjects did, and what was seen where one failed. */
export function conformanceMarkdown({ collectors, exporters, versions }: Published): string {
  const sent = withLast(collectorCases).map(
    each => [each, `sent: ${each.sends}; to be seen: ${each.expects}`] as const,
  );
  const looked = exporterCases.map(each => [each, each.looks] as const);
  return [
    '## Collectors: the cases',
    casesTable(sent),
    '## Collectors: the results',
    resultsTable(collectors, versions),
    '### What failed',
    failures(collectors),
    '## Exporters: the cases',
    casesTable(looked),
    '## Exporters: the results',
    resultsTable(exporters, versions),
    '### What failed',
    failures(exporters),
  ].join('\n\n');
}

function casesTable(cases: readonly (readonly [CaseInfo, string])[]): string {
  const rows = cases.map(([{ id, section, level, title }, what]) =>
    row(`\`${id}\``, section, level, `${title}. *${what}*`),
  );
  return [
    row('case', 'section', '', 'what has to be, and how it is looked at'),
    row('---', '---', '---', '---'),
    ...rows,
  ].join('\n');
}

const SIGNS = { passed: 'yes', failed: '**no**', 'not observable': '·' };

function resultsTable(results: readonly Result[], versions: ReadonlyMap<string, string>): string {
  const groups = bySubject(results);
  const heads = groups.map(([first]) => {
    const version = versions.get(first!.subject);
    return `${first!.subject}${version === undefined ? '' : ` ${version}`}, ${first!.transport}`;
  });
  const ids = [...new Map(results.map(({ info }) => [info.id, info])).values()];
  const rows = ids.map(info => {
    const cells = groups.map(group => {
      const found = group.find(each => each.info.id === info.id);
      return found === undefined ? '' : SIGNS[found.outcome];
    });
    return row(`\`${info.id}\``, info.level, ...cells);
  });
  const sums = groups.map(group => {
    const { passed, failed, 'not observable': unseen } = tally(group);
    return `${passed} yes, ${failed} no, ${unseen} ·`;
  });
  const line = Array(groups.length + 2).fill('---');
  return [row('case', '', ...heads), row(...line), ...rows, row('', '', ...sums)].join('\n');
}

function failures(results: readonly Result[]): string {
  const lines = results
    .filter(({ outcome }) => outcome === 'failed')
    .map(
      ({ info, subject, transport, why }) =>
        `- ${subject}, ${transport}, \`${info.id}\` (${info.level}): ${escaped(why)}`,
    );
  return lines.length === 0 ? 'Nothing.' : lines.join('\n');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map(escaped).join(' | ')} |`;
}

/** Text that is told by others may hold what Markdown takes for its own. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
}
