import type { MeshBuilder } from './builder.js';
import type { Document, Format } from './format.js';
import { isEntry, readEntry } from './respondd-entry.js';
import { at, entries, isFields, list, moment } from './values.js';

/**
 * What respondd of Gluon answers (nodeinfo, statistics, neighbours), one node or many: an object, an array, JSON lines, by node id (hopglass-server's
 * raw.json), or in a list (yanic's raw.json and raw.jsonl).
 */
export const respondd: Format = {
  name: 'respondd',
  is: document => {
    const { told } = nodesOf(document);
    return (
      told.length > 0 &&
      told.slice(0, 50).some(isEntry) &&
      !told.slice(0, 50).some(entry => isFields(at(entry, 'flags')))
    );
  },
  read: (document, mesh) => {
    const { told, moment: of } = nodesOf(document);
    mesh.of(of);
    for (const entry of told) readPart(entry, mesh);
  },
};

/** The answers to GET nodeinfo, statistics and neighbours may each be an object of its own. */
function readPart(value: unknown, mesh: MeshBuilder): void {
  if (!isFields(value)) {
    mesh.leaveOut('node that is none');
    return;
  }
  if (isEntry(value)) readEntry(value, mesh);
  else mesh.leaveOut('node without nodeinfo');
}

function nodesOf({ values }: Document): { told: readonly unknown[]; moment?: number | undefined } {
  const [value] = values;
  // The first line of yanic's raw.jsonl says when the others are of.
  if (values.length > 1) return { told: values.filter(isEntry), moment: moment(at(value, 'updated_at')) };
  if (Array.isArray(value)) return { told: value };
  if (isEntry(value)) return { told: [value] };
  if (Array.isArray(at(value, 'nodes'))) {
    return { told: list(at(value, 'nodes')), moment: moment(at(value, 'updated_at') ?? at(value, 'timestamp')) };
  }
  return { told: entries(value).map(([, entry]) => entry) };
}
