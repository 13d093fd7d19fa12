import type { Finding } from '../events/finding.js';
import type { Account, Definition } from './account.js';
import type { Statement } from './statement.js';

/** Milliseconds: quotas are looked at each minute. */
const PATIENCE = 600_000;

/** The warnings that a month has reached, each an event until the month is over. */
export function quotaFindings({ name, definition }: Account, { month, quota }: Statement): Finding[] {
  if (quota === undefined) return [];
  return quota.warnings.map(({ percent, at }) => ({
    ...{ key: `quota ${name} ${month} ${percent}`, kind: 'quota', start: at, strength: 1, patience: PATIENCE },
    subject: { name: `${name} ${month}: ${percent} %`, filter: filterOf(definition) },
    ...{ size: quota.share, unit: 'share' },
  }));
}

/** Flows of an account, in the filter language. */
function filterOf({ inside: { kind, values }, filter }: Definition): string {
  const ends = values.map(value => words[kind](value)).filter(text => text !== '');
  return [ends.join(' or '), filter]
    .filter(text => text !== '')
    .map((text, _, all) => (all.length > 1 ? `(${text})` : text))
    .join(' and ');
}

const words: Readonly<Record<Definition['inside']['kind'], (value: string) => string>> = {
  networks: value => `${value.includes('/') ? 'net' : 'host'} ${value}`,
  macs: value => `srcmac = ${value} or dstmac = ${value}`,
  interfaces: value => {
    const name = /^\d+$/.test(value) ? value : `"${value}"`;
    return `in if ${name} or out if ${name}`;
  },
  local: () => '',
};
