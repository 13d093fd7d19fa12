import type { Field } from './fields.js';

/** What the collector knows of addresses and of the record. */
export const addedFields: readonly Field[] = [
  {
    // Another exporter tells of the same Flow, and its record is the one that counts: see meaning/duplicates.ts of the collector.
    column: 'duplicate',
    kind: 'unsigned8',
    elements: { duplicate: 70 },
    names: ['duplicate'],
    label: 'Told by another exporter too',
    added: true,
  },
  {
    column: 'sourceCountry',
    kind: 'name',
    elements: { sourceCountry: 80 },
    names: ['srccountry'],
    label: 'Source country',
    added: true,
  },
  {
    column: 'destinationCountry',
    kind: 'name',
    elements: { destinationCountry: 81 },
    names: ['dstcountry'],
    label: 'Destination country',
    added: true,
  },
  {
    column: 'sourceNetwork',
    kind: 'name',
    elements: { sourceNetwork: 82 },
    names: ['srcnetwork'],
    label: 'Source network',
    added: true,
  },
  {
    column: 'destinationNetwork',
    kind: 'name',
    elements: { destinationNetwork: 83 },
    names: ['dstnetwork'],
    label: 'Destination network',
    added: true,
  },
  {
    column: 'sourceName',
    kind: 'name',
    elements: { sourceName: 87 },
    names: ['srcname'],
    label: 'Source name',
    added: true,
  },
  {
    column: 'destinationName',
    kind: 'name',
    elements: { destinationName: 88 },
    names: ['dstname'],
    label: 'Destination name',
    added: true,
  },
  // Several with commas between them.
  { column: 'tags', kind: 'name', elements: { tags: 86 }, names: ['tag'], label: 'Tags', added: true },
];
