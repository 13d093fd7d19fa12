import { expect, test } from 'vitest';
import { InterfaceNames } from './interface-names.js';

const eth0 = { exporter: '192.0.2.1', observationDomainId: 1, interface: 2, name: 'eth0', description: '' };

test('a name is learned from scope or record, once until it changes', () => {
  const names = new InterfaceNames();
  names.learn('192.0.2.1', 1, { scope: { ingressInterface: 2 }, record: { interfaceName: 'eth0' } });
  names.learn('192.0.2.1', 1, { scope: {}, record: { ingressInterface: 2, interfaceName: 'eth0\0\0' } });
  expect(names.takeChanged()).toEqual([eth0]);
  expect(names.takeChanged()).toEqual([]);
  names.learn('192.0.2.1', 1, {
    record: { egressInterface: 2, interfaceName: 'lan', interfaceDescription: 'to the house' },
  });
  expect(names.takeChanged()).toEqual([{ ...eth0, name: 'lan', description: 'to the house' }]);
});

test('a description is a name where there is no other; exporters and domains are kept apart', () => {
  const names = new InterfaceNames();
  const told = { scope: { ingressInterface: 2 }, record: { interfaceDescription: 'uplink' } };
  names.learn('192.0.2.1', 1, told);
  names.learn('192.0.2.1', 2, told);
  names.learn('192.0.2.2', 1, told);
  expect(names.takeChanged().map(each => [each.exporter, each.observationDomainId, each.name])).toEqual([
    ['192.0.2.1', 1, 'uplink'],
    ['192.0.2.1', 2, 'uplink'],
    ['192.0.2.2', 1, 'uplink'],
  ]);
});

test('records about something else teach nothing', () => {
  const names = new InterfaceNames();
  names.learn('192.0.2.1', 1, { record: { interfaceName: 'eth0' } });
  names.learn('192.0.2.1', 1, { record: { ingressInterface: 2, interfaceName: '' } });
  names.learn('192.0.2.1', 1, { scope: { selectorId: 1 }, record: { samplingPacketInterval: 10 } });
  expect(names.takeChanged()).toEqual([]);
});

test('what is kept is bounded', () => {
  const names = new InterfaceNames();
  for (let i = 0; i < 70_000; i++) {
    names.learn('192.0.2.1', 1, { record: { ingressInterface: i, interfaceName: 'x'.repeat(300) } });
  }
  const changed = names.takeChanged();
  expect([changed.length, changed[0]!.name.length]).toEqual([65_536, 256]);
});
