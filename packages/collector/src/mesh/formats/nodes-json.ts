import type { Document, Format } from './format.js';
import { readEntry } from './respondd-entry.js';
import { at, entries, isFields, list, moment } from './values.js';

/** nodes.json of ffmap-backend, yanic and hopglass-server: version 1 has nodes by their ids, version 2 in a list. Its links are in graph.json. */
export const nodesJson: Format = {
  name: 'nodes.json',
  is: document => {
    const nodes = nodesOf(document);
    return nodes.some(node => isFields(at(node, 'nodeinfo')) && isFields(at(node, 'flags')));
  },
  read: (document, mesh) => {
    mesh.of(moment(at(document.values[0], 'timestamp')));
    for (const node of nodesOf(document)) {
      if (isFields(at(node, 'nodeinfo'))) readEntry(node, mesh);
      else mesh.leaveOut('node without nodeinfo');
    }
  },
};

function nodesOf({ values: [value] }: Document): readonly unknown[] {
  const nodes = at(value, 'nodes');
  return Array.isArray(nodes) ? list(nodes) : entries(nodes).map(([, node]) => node);
}
