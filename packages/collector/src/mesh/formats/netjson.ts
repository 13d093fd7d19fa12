import type { MeshBuilder } from './builder.js';
import type { Format } from './format.js';
import { readDevice } from './netjson-device.js';
import { readGraph } from './netjson-graph.js';
import { at, isFields, list } from './values.js';

/** A NetworkCollection may hold others. */
const DEEPEST = 4;

const READERS: Readonly<Record<string, (value: unknown, mesh: MeshBuilder) => void>> = {
  NetworkGraph: readGraph,
  NetworkRoutes: readRoutes,
  DeviceConfiguration: readDevice,
  DeviceMonitoring: readDevice,
};

/** NetJSON objects (netjson.org), as netjsoninfo of olsrd2, olsrd's netjson plugin, OpenWISP and Bird's tools write them. */
export const netjson: Format = {
  name: 'NetJSON',
  is: ({ values }) => values.some(value => isKnown(at(value, 'type')) || at(value, 'type') === 'NetworkCollection'),
  read: ({ values }, mesh) => {
    for (const value of values) readObject(value, mesh, 0);
  },
};

function isKnown(type: unknown): boolean {
  return typeof type === 'string' && Object.hasOwn(READERS, type);
}

function readObject(value: unknown, mesh: MeshBuilder, depth: number): void {
  const type = at(value, 'type');
  if (type === 'NetworkCollection' && depth < DEEPEST) {
    for (const member of list(at(value, 'collection'))) readObject(member, mesh, depth + 1);
  } else if (isKnown(type)) READERS[type as string]!(value, mesh);
  // Names of routing domains are nothing to draw.
  else if (type !== 'NetworkDomain') mesh.leaveOut('NetJSON object of another type');
}

function readRoutes(value: unknown, mesh: MeshBuilder): void {
  const router = mesh.node(at(value, 'router_id'));
  if (router === undefined) return;
  mesh.alias(at(value, 'properties', 'router_addr'), router.id);
  for (const route of list(at(value, 'routes'))) {
    if (!isFields(route)) mesh.leaveOut('route that is none');
    else
      mesh.route(router.id, at(route, 'destination'), at(route, 'properties', 'next_router_id') ?? at(route, 'next'));
  }
}
