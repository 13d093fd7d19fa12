import { elements, REVERSE_PEN } from '@weir/ipfix';
import { expect, test } from 'vitest';
import { lacksDirection } from './biflow.js';

function template(...names: string[]) {
  const fields = names.map(name => {
    const { id } = elements.byName(name.replace('back:', ''))!;
    return { id, enterprise: name.startsWith('back:') ? REVERSE_PEN : 0, length: 4 };
  });
  return { id: 256, fields, scopeFieldCount: 0 };
}

test.each([
  [['octetDeltaCount', 'back:octetDeltaCount'], true],
  [['flowId', 'back:sourceTransportPort'], true],
  [['flowId', 'octetDeltaCount'], false],
  [['sourceIPv4Address', 'back:octetDeltaCount'], false],
  [['postNAPTDestinationTransportPort', 'back:octetDeltaCount'], false],
])('%s lacks what tells its directions apart: %s', (names, expected) => {
  expect(lacksDirection(template(...names))).toBe(expected);
});
