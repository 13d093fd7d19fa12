import { expect, test } from 'vitest';
import type { CaseInfo, Result } from './case.js';
import { conformanceMarkdown } from './markdown.js';
import { bySubject, conforms, jsonLine, summaryLine } from './report.js';

const must: CaseInfo = { id: 'sequence', title: 'Sequence numbers count', section: 'RFC 7011 3.1', level: 'MUST' };
const should: CaseInfo = { ...must, id: 'template-copies', level: 'SHOULD' };

function result(info: CaseInfo, outcome: Result['outcome'], subject = 'a', why = ''): Result {
  return { info, outcome, subject, why, transport: 'udp' };
}

test('conforms what fails no MUST, and of what nothing is known does not', () => {
  expect(conforms([result(must, 'passed'), result(should, 'failed')])).toBe(true);
  expect(conforms([result(must, 'not observable')])).toBe(true);
  expect(conforms([result(must, 'failed')])).toBe(false);
  expect(conforms([])).toBe(false);
});

test('the summary counts, and JSON has all that a script needs', () => {
  const results = [result(must, 'failed', 'a', '6, where 5 was due'), result(should, 'failed'), result(must, 'passed')];
  expect(summaryLine(results)).toBe('a over udp: 1 passed, 2 failed (1 of them MUST), 0 not observable');
  expect(JSON.parse(jsonLine(results[0]!))).toEqual({
    ...{ subject: 'a', transport: 'udp', case: 'sequence', title: 'Sequence numbers count', section: 'RFC 7011 3.1' },
    ...{ level: 'MUST', outcome: 'failed', why: '6, where 5 was due' },
  });
  expect(bySubject([result(must, 'passed'), result(must, 'passed', 'b'), result(should, 'passed')])).toHaveLength(2);
});

test('the published tables have a column for each subject, and what was seen where one failed', () => {
  const exporters = [
    result(must, 'passed'),
    result(must, 'failed', 'b', 'a | b <c>'),
    result(should, 'not observable', 'b'),
  ];
  const text = conformanceMarkdown({ collectors: [], exporters, versions: new Map([['b', '1.2']]) });
  expect(text).toContain('| `sequence` | MUST | yes | **no** |');
  expect(text).toContain('| `template-copies` | SHOULD |  | · |');
  expect(text).toContain('| case |  | a, udp | b 1.2, udp |');
  expect(text).toContain('- b, udp, `sequence` (MUST): a \\| b &lt;c>');
  expect(text).toMatch(/\| `lives` \| RFC 5471 3\.6, .* \| MUST \| .*sent: a Template/);
});
