import type { MeshBuilder } from './builder.js';
import type { Format } from './format.js';
import { linkKind } from './kinds.js';
import { at, cost, count, either, isFields, list, number, quality, text, truth } from './values.js';

/** GeoJSON: Points are nodes; LineStrings are links between the nodes that they name, or that lie at their ends. */
export const geojson: Format = {
  name: 'GeoJSON',
  is: ({ values: [value] }) => {
    const type = at(value, 'type');
    return (
      (type === 'FeatureCollection' && Array.isArray(at(value, 'features'))) ||
      (type === 'Feature' && isFields(at(value, 'geometry')))
    );
  },
  read: ({ values: [value] }, mesh) => {
    const features = at(value, 'type') === 'Feature' ? [value] : list(at(value, 'features'));
    const places = new Map<string, string>();
    const ofType = (type: string) => features.filter(feature => at(feature, 'geometry', 'type') === type);
    const [points, lines] = [ofType('Point'), ofType('LineString')];
    for (const point of points) readPoint(point, places, mesh);
    for (const line of lines) readLine(line, places, mesh);
    const others = features.length - points.length - lines.length;
    if (others > 0) mesh.leaveOut('feature that is no point and no line', others);
  },
};

function readPoint(feature: unknown, places: Map<string, string>, mesh: MeshBuilder): void {
  const properties = at(feature, 'properties');
  const coordinates = at(feature, 'geometry', 'coordinates');
  const place = placeOf(coordinates);
  const named = either(properties, 'id', 'node_id') ?? at(feature, 'id') ?? either(properties, 'name', 'hostname');
  const node = mesh.declare(named ?? place);
  if (node === undefined) return;
  if (place !== undefined && !places.has(place)) places.set(place, node.id);
  const [longitude, latitude] = list(coordinates);
  mesh.position(node, latitude, longitude);
  node.name = text(either(properties, 'name', 'hostname', 'label'));
  node.online = truth(either(properties, 'online', 'is_online'));
  node.gateway = truth(either(properties, 'gateway', 'is_gateway')) ?? false;
  node.clients = count(at(properties, 'clients'));
  for (const address of list(at(properties, 'addresses'))) mesh.address(node, address);
  node.detail('owner', either(properties, 'owner', 'contact'));
  node.detail('site', either(properties, 'domain', 'site'));
  for (const name of ['model', 'firmware']) node.detail(name, at(properties, name));
}

function readLine(feature: unknown, places: ReadonlyMap<string, string>, mesh: MeshBuilder): void {
  const properties = at(feature, 'properties');
  const line = list(at(feature, 'geometry', 'coordinates'));
  const [first, last] = [line[0], line.at(-1)].map(end => places.get(placeOf(end) ?? ''));
  const told = either(properties, 'quality', 'tq');
  mesh.link({
    from: either(properties, 'source', 'from') ?? first,
    to: either(properties, 'target', 'to') ?? last,
    kind: linkKind(either(properties, 'kind', 'type', 'link_type')),
    fromAddress: text(at(properties, 'sourceAddress')),
    toAddress: text(at(properties, 'targetAddress')),
    quality: quality(told),
    reverseQuality: quality(at(properties, 'reverseQuality')),
    cost: cost(either(properties, 'cost', 'etx')),
    reverseCost: cost(at(properties, 'reverseCost')),
    whole: true,
  });
}

/** Longitude and latitude to some 10 cm, for ends of lines are written by programs that round. */
function placeOf(coordinates: unknown): string | undefined {
  const [longitude, latitude] = list(coordinates).map(number);
  return longitude === undefined || latitude === undefined
    ? undefined
    : `${latitude.toFixed(6)},${longitude.toFixed(6)}`;
}
