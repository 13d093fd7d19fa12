import { expect, test } from 'vitest';
import { InterfaceNames } from './interface-names.js';

const eth0 = { exporter: '192.0.2.1', observationDomainId: 1, interface: 2, name: 'eth0', description: '', since: 5 };

test('a name is learned from scope or record, once until it changes', () => {
  const names = new InterfaceNames();
  names.learn('192.0.2.1', 1, { scope: { ingressInterface: 2 }, record: { interfaceName: 'eth0' } }, 5);
  names.learn('192.0.2.1', 1, { scope: {}, record: { ingressInterface: 2, interfaceName: 'eth0\0\0' } }, 6);
  expect(names.unkept.take()).toEqual([eth0]);
  names.unkept.answered(true);
  expect(names.unkept.take()).toEqual([]);
  const renamed = { egressInterface: 2, interfaceName: 'lan', interfaceDescription: 'to the house' };
  names.learn('192.0.2.1', 1, { record: renamed }, 7);
  expect(names.unkept.take()).toEqual([{ ...eth0, name: 'lan', description: 'to the house', since: 7 }]);
});

test('a name is told until the store keeps it, and belongs to what is saved until then', () => {
  const names = new InterfaceNames();
  const learn = (name: string, now: number) =>
    names.learn('192.0.2.1', 1, { record: { ingressInterface: 2, interfaceName: name } }, now);
  learn('eth0', 5);
  expect(names.unkept.take()).toEqual([eth0]);
  learn('lan', 6);
  const lan = { ...eth0, name: 'lan', since: 6 };
  expect(names.unkept.isWaiting).toBe(true);
  expect(names.unkept.all).toEqual([lan]);
  names.unkept.answered(true);
  expect(names.unkept.take()).toEqual([lan]);
  names.unkept.answered(false);
  const after = new InterfaceNames();
  for (const name of [...names.unkept.all, eth0]) after.keep(name);
  expect([names.unkept.take(), after.unkept.take()]).toEqual([[lan], [lan]]);
  names.unkept.answered(true);
  expect([names.unkept.take(), names.unkept.all]).toEqual([[], []]);
});

test('a description is a name where there is no other; exporters and domains are kept apart', () => {
  const names = new InterfaceNames();
  const told = { scope: { ingressInterface: 2 }, record: { interfaceDescription: 'uplink' } };
  names.learn('192.0.2.1', 1, told, 5);
  names.learn('192.0.2.1', 2, told, 5);
  names.learn('192.0.2.2', 1, told, 5);
  expect(names.unkept.take().map(each => [each.exporter, each.observationDomainId, each.name])).toEqual([
    ['192.0.2.1', 1, 'uplink'],
    ['192.0.2.1', 2, 'uplink'],
    ['192.0.2.2', 1, 'uplink'],
  ]);
});

test('records about something else teach nothing', () => {
  const names = new InterfaceNames();
  names.learn('192.0.2.1', 1, { record: { interfaceName: 'eth0' } }, 5);
  names.learn('192.0.2.1', 1, { record: { ingressInterface: 2, interfaceName: '' } }, 5);
  names.learn('192.0.2.1', 1, { scope: { selectorId: 1 }, record: { samplingPacketInterval: 10 } }, 5);
  expect(names.unkept.take()).toEqual([]);
});

test('what is kept is bounded', () => {
  const names = new InterfaceNames();
  for (let i = 0; i < 70_000; i++) {
    names.learn('192.0.2.1', 1, { record: { ingressInterface: i, interfaceName: 'x'.repeat(300) } }, 5);
  }
  const changed = names.unkept.take();
  expect([changed.length, changed[0]!.name.length]).toEqual([65_536, 256]);
});
