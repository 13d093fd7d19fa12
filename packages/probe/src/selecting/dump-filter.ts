import type { DumpFilter } from '../conntrack/requests.js';
import type { KeyTest } from './key-test.js';

/**
 * The part of a test that the kernel can apply to a dump: single values that all have to be there (CTA_FILTER, since Linux 5.8;
 * an older kernel leaves it aside and dumps more). Undefined where there is none.
 */
export function dumpFilter(test: KeyTest): DumpFilter | undefined {
  const family = familyOf(test);
  // The kernel compares tuples of one family only (ctnetlink_parse_tuple_filter).
  if (family === undefined) return undefined;
  const filter: { -readonly [K in keyof DumpFilter]: DumpFilter[K] } = { family };
  for (const part of conjunction(test)) {
    if (part.kind === 'protocol' && part.wanted && part.low === part.high) filter.protocol = part.low;
    else if (part.kind === 'address' && part.wanted && part.range.prefix === part.range.low.length * 8) {
      filter[part.side] = part.range.low;
    }
  }
  // Ports mean something to the kernel together with their protocol only.
  if (filter.protocol === undefined) return filter;
  for (const part of conjunction(test)) {
    if (part.kind === 'port' && part.wanted && part.low === part.high) filter[`${part.side}Port`] = part.low;
  }
  return filter;
}

/** The tests that all have to fit. */
function conjunction(test: KeyTest): readonly KeyTest[] {
  return test.kind === 'all' ? test.tests.flatMap(conjunction) : [test];
}

/** The family that every Flow has that fits the test, where there is one. */
function familyOf(test: KeyTest): 4 | 6 | undefined {
  switch (test.kind) {
    case 'family':
      return test.family;
    case 'address':
      return test.wanted ? test.range.family : undefined;
    case 'all':
      return test.tests.map(familyOf).find(family => family !== undefined);
    case 'any': {
      const [first, ...others] = test.tests.map(familyOf);
      return others.every(family => family === first) ? first : undefined;
    }
    default:
      return undefined;
  }
}
