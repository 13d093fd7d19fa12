import type { MeshBuilder } from './builder.js';
import type { Format } from './format.js';
import { at, count, either, isFields, list, moment, text, truth } from './values.js';

/** nodelist.json: nodes with position and state, no links. */
export const nodelist: Format = {
  name: 'nodelist.json',
  is: ({ values: [value] }) =>
    list(at(value, 'nodes'))
      .slice(0, 50)
      .some(node => text(at(node, 'id')) !== undefined && isFields(at(node, 'status'))),
  read: ({ values: [value] }, mesh) => {
    mesh.of(moment(at(value, 'updated_at')));
    for (const node of list(at(value, 'nodes'))) readNode(node, mesh);
  },
};

function readNode(value: unknown, mesh: MeshBuilder): void {
  if (!isFields(value)) {
    mesh.leaveOut('node that is none');
    return;
  }
  const node = mesh.declare(at(value, 'id'));
  if (node === undefined) return;
  node.name = text(at(value, 'name'));
  const position = at(value, 'position');
  mesh.position(node, at(position, 'lat'), either(position, 'long', 'lon', 'lng'));
  node.online = truth(at(value, 'status', 'online'));
  node.gateway = truth(at(value, 'status', 'gateway')) ?? false;
  node.clients = count(at(value, 'status', 'clients'));
  node.seen(at(value, 'status', 'firstcontact'), at(value, 'status', 'lastcontact'));
}
