import { ElementRegistry, elements, fieldsOf, type Template } from '@weir/ipfix';
import { expect, test } from 'vitest';
import { joinedTemplates, NameBudget, TemplateList } from './template-list.js';

const template = (id: number, fields = fieldsOf(['octetDeltaCount', 'reverseOctetDeltaCount'])): Template => ({
  id,
  scopeFieldCount: 0,
  fields,
});
const many = (count: number) => Array.from({ length: count }, (_, i) => ({ id: 1 + i, enterprise: 99, length: 4 }));

test('a list changes with what is told, and only then', () => {
  const list = new TemplateList(new NameBudget());
  expect(list.isChanged).toBe(false);
  list.keep(template(300), elements);
  list.keep({ ...template(301, fieldsOf(['ingressInterface', 'interfaceName'])), scopeFieldCount: 1 }, elements);
  expect(list.isChanged).toBe(true);
  const octets = { templateId: 300, fields: ['octetDeltaCount', 'reverseOctetDeltaCount'], options: false };
  const names = { templateId: 301, fields: ['ingressInterface', 'interfaceName'], options: true };
  expect(list.take()).toEqual([octets, names]);
  expect(list.isChanged).toBe(false);
  list.forget(999);
  list.rename(elements);
  expect(list.isChanged).toBe(false);
  list.keep(template(300, fieldsOf(['packetDeltaCount'])), elements);
  list.forget(301);
  expect(list.isChanged).toBe(true);
  expect(list.take()).toEqual([{ ...octets, fields: ['packetDeltaCount'] }]);
});

test('elements go by their numbers until the exporter tells of them', () => {
  const list = new TemplateList(new NameBudget());
  const registry = new ElementRegistry(undefined, elements);
  list.keep(template(300, [{ id: 7, enterprise: 56789, length: 4 }, ...fieldsOf(['octetDeltaCount'])]), registry);
  expect(list.take()[0]!.fields).toEqual(['56789:7', 'octetDeltaCount']);
  registry.register({ id: 7, enterprise: 56789, name: 'moonPhase', type: 'unsigned32' });
  list.rename(registry);
  expect(list.isChanged).toBe(true);
  expect(list.take()[0]!.fields).toEqual(['moonPhase', 'octetDeltaCount']);
});

test('bounded: Templates, their fields, and all together', () => {
  const budget = new NameBudget();
  const first = new TemplateList(budget);
  for (let id = 256; id < 256 + 300; id++) first.keep(template(id, many(600)), elements);
  const kept = first.take();
  expect(kept).toHaveLength(256);
  expect(new Set(kept.map(({ fields }) => fields.length))).toEqual(new Set([512]));
  const rest = () => Array.from({ length: 5 }, () => new TemplateList(budget));
  let names = 256 * 512;
  for (const list of rest()) {
    for (let id = 256; id < 512; id++) list.keep(template(id, many(512)), elements);
    names += list.take().reduce((sum, { fields }) => sum + fields.length, 0);
  }
  expect(names).toBe(262_144);
  for (const { templateId } of kept) first.forget(templateId);
  const [again] = rest();
  again!.keep(template(300), elements);
  expect(again!.take()).toHaveLength(1);
});

test('what several threads know of an exporter, each once', () => {
  const [a, b] = [
    { templateId: 300, fields: ['octetDeltaCount'], options: false },
    { templateId: 256, fields: ['packetDeltaCount'], options: false },
  ];
  expect(joinedTemplates([[a], [{ ...a }, b], []])).toEqual([b, a]);
});
