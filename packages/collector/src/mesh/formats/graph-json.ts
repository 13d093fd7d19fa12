import type { MeshBuilder } from './builder.js';
import type { Format } from './format.js';
import { linkKind } from './kinds.js';
import { at, isFields, list, moment, number, quality, text, truth } from './values.js';

/** graph.json, which goes with nodes.json: ends of links are places in its list of nodes, and `tq` is turned over, 255 / TQ. */
export const graphJson: Format = {
  name: 'graph.json',
  is: ({ values: [value] }) =>
    Array.isArray(at(value, 'batadv', 'nodes')) && Array.isArray(at(value, 'batadv', 'links')),
  read: ({ values: [value] }, mesh) => {
    mesh.of(moment(at(value, 'timestamp')));
    const graph = at(value, 'batadv');
    const ids = list(at(graph, 'nodes')).map(node => readNode(node, mesh));
    const directed = truth(at(graph, 'directed')) ?? false;
    for (const link of list(at(graph, 'links'))) readLink(link, ids, directed, mesh);
  },
};

/** Its id, or undefined where it is of no node: an address that somebody heard of. */
function readNode(value: unknown, mesh: MeshBuilder): string | undefined {
  const id = text(at(value, 'node_id'));
  const node = id === undefined ? undefined : mesh.node(id);
  if (node === undefined) return undefined;
  mesh.alias(at(value, 'id'), node.id);
  if (truth(at(value, 'unseen')) === true) node.online ??= false;
  return node.id;
}

function readLink(value: unknown, ids: readonly (string | undefined)[], directed: boolean, mesh: MeshBuilder): void {
  if (!isFields(value)) {
    mesh.leaveOut('link that is none');
    return;
  }
  const [from, to] = [at(value, 'source'), at(value, 'target')].map(end => endOf(end, ids));
  if (from === undefined || to === undefined) {
    mesh.leaveOut('link to a missing node');
    return;
  }
  const inverse = number(at(value, 'tq'));
  const good = inverse === undefined || inverse <= 0 ? undefined : quality(1 / inverse);
  const kind = truth(at(value, 'vpn')) === true ? 'tunnel' : linkKind(at(value, 'type'));
  // Directed ones are of the target's view, once for each direction; the others are the better of both directions.
  const told = directed ? { reverseQuality: good } : { quality: good, reverseQuality: good };
  mesh.link({ from, to, kind, ...told });
}

function endOf(end: unknown, ids: readonly (string | undefined)[]): string | undefined {
  const place = number(end);
  if (place !== undefined && Number.isInteger(place) && place >= 0 && place < ids.length) return ids[place];
  return typeof end === 'string' ? text(end) : undefined;
}
