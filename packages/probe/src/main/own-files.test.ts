import { expect, test } from 'vitest';
import { parseTransport } from '../config/transport.js';
import { parseNamespaces } from './namespaces.js';
import { withOwnFiles } from './own-files.js';

test.each([
  ['file:/var/flows.ipfix', '/var/flows.ipfix', '/var/flows-7.ipfix'],
  ['file:/var.d/flows', '/var.d/flows', '/var.d/flows-7'],
  ['file:-', '-', '-'],
])('%s', (url, own, guests) => {
  const plan = {
    collectors: [{ url, target: parseTransport(url) }],
    spool: undefined,
    spoolOctets: 1,
    exporting: { distribution: 'all', refresh: { milliseconds: 1, messages: 1 } },
  } as const;
  const paths = parseNamespaces(['self', 'guests=7'], 1).map(each => withOwnFiles(plan, each).collectors[0].target);
  expect(paths).toMatchObject([{ path: own }, { path: guests }]);
});
