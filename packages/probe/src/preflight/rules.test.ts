import { describe, expect, test } from 'vitest';
import { offloadFindings, untrackedFinding } from './rules.js';

const flowtable = (name: string, flags: string) =>
  `table inet filter {\n\tflowtable ${name} {\n\t\thook ingress priority filter\n\t\tdevices = { eth0, eth1 }\n${flags}\t}\n\n\tchain forward {\n\t\tcounter packets 0 bytes 0 accept\n\t}\n}\n`;
const levels = (ruleset: string) => offloadFindings(ruleset).map(({ id, level }) => `${id} ${level}`);

describe('flowtables', () => {
  test('none', () => expect(levels('table inet filter { chain a { counter } }')).toEqual(['offload ok']));
  test('a counter of a rule is none of the flowtable', () => {
    expect(levels(flowtable('ft', ''))).toEqual(['offload problem']);
    expect(offloadFindings(flowtable('ft', ''))[0].what).toBe('flowtable ft has no counter');
  });
  test('with counter', () => expect(levels(flowtable('ft', '\t\tcounter\n'))).toEqual(['offload ok']));
  test('in hardware', () => {
    expect(levels(flowtable('ft', '\t\tflags offload\n\t\tcounter\n'))).toEqual([
      'offload ok',
      'hardware-offload note',
    ]);
  });
  test('one of two without counter', () => {
    const both = flowtable('good', '\t\tcounter\n') + flowtable('bad', '');
    expect(offloadFindings(both)[0].what).toBe('flowtable bad has no counter');
  });
});

describe('traffic taken out of connection tracking', () => {
  test('none', () => expect(untrackedFinding('ct state new accept').level).toBe('ok'));
  test.each(['udp dport 53 notrack', 'ip protocol udp xt target "NOTRACK"'])('%s', rule => {
    const finding = untrackedFinding(`chain raw {\n\t\t${rule}\n\t\ttcp dport 22 notrack\n}`);
    expect(finding).toMatchObject({ level: 'note' });
    expect(finding.what).toContain(`${rule}, and 1 more`);
  });
});
