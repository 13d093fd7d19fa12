import type { MeshBuilder } from './builder.js';
import type { Format } from './format.js';
import { at, isFields, list, number, quality, text } from './values.js';

const LINES = ['primary', 'secondary', 'router'];

/** What batadv-vis of alfred says of the whole mesh: `json`, an object a line, and `jsondoc`, one document. Metrics are 255 / TQ. */
export const batadvVis: Format = {
  name: 'batadv-vis',
  is: ({ values: [value] }) =>
    Array.isArray(at(value, 'vis')) || LINES.some(name => typeof at(value, name) === 'string'),
  read: ({ values }, mesh) => {
    for (const value of values) {
      for (const node of list(at(value, 'vis'))) readNode(node, mesh);
      if (at(value, 'vis') === undefined) readLine(value, mesh);
    }
  },
};

function readNode(value: unknown, mesh: MeshBuilder): void {
  const primary = at(value, 'primary');
  if (!isFields(value) || primary === undefined) {
    mesh.leaveOut('node that is none');
    return;
  }
  visNode(mesh, primary);
  for (const secondary of list(at(value, 'secondary'))) visInterface(mesh, secondary, primary);
  for (const link of list(at(value, 'neighbors')))
    visLink(mesh, at(link, 'router'), at(link, 'neighbor'), at(link, 'metric'));
  for (const client of list(at(value, 'clients'))) visClient(mesh, primary, client);
}

function readLine(value: unknown, mesh: MeshBuilder): void {
  const [primary, secondary, router] = LINES.map(name => at(value, name));
  if (primary !== undefined) visNode(mesh, primary);
  else if (secondary !== undefined) visInterface(mesh, secondary, at(value, 'of'));
  else if (at(value, 'gateway') !== undefined) visClient(mesh, router, at(value, 'gateway'));
  else if (router !== undefined) visLink(mesh, router, at(value, 'neighbor'), at(value, 'label'));
  else mesh.leaveOut('line that is none');
}

export function visNode(mesh: MeshBuilder, mac: unknown): void {
  const node = mesh.node(mac);
  if (node !== undefined) mesh.mac(node, mac);
}

/** Another interface of a node. */
export function visInterface(mesh: MeshBuilder, mac: unknown, primary: unknown): void {
  const node = mesh.node(primary);
  if (node === undefined) return;
  mesh.mac(node, mac);
  mesh.alias(mac, node.id);
}

export function visLink(mesh: MeshBuilder, from: unknown, to: unknown, metric: unknown): void {
  const inverse = number(metric);
  mesh.link({
    from,
    to,
    kind: 'other',
    fromAddress: text(from)?.toLowerCase(),
    toAddress: text(to)?.toLowerCase(),
    quality: inverse === undefined || inverse <= 0 ? undefined : quality(1 / inverse),
  });
}

export function visClient(mesh: MeshBuilder, mac: unknown, client: unknown): void {
  const node = mesh.node(mac);
  if (node !== undefined) mesh.network(node, client);
}
