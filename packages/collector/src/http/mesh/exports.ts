import type { MeshState, MeshStateLink, MeshStateNode } from '../types.js';
import type { LinkRate } from './context.js';

/** A state as it is told to an asker, and what its links carry, by their ids. */
export interface Exported {
  readonly state: MeshState;
  readonly rates: ReadonlyMap<string, LinkRate>;
  /** Of Weir. */
  readonly version: string;
}

/** A NetworkGraph of NetJSON (RFC draft of netjson.org): a link is told once, with the cost from source to target. */
export function netjson({ state, rates, version }: Exported): object {
  return {
    ...{ type: 'NetworkGraph', protocol: 'weir', version, metric: 'ETX', label: state.topology },
    nodes: state.nodes.map(node => ({
      ...{ id: node.id, label: node.name, local_addresses: [...new Set(node.addresses)] },
      properties: { ...node.details, ...nodeProperties(node) },
    })),
    links: state.links.map(link => ({
      ...{ source: link.source, target: link.target, cost: costOf(link) },
      properties: linkProperties(link, rates),
    })),
  };
}

/** A FeatureCollection of GeoJSON (RFC 7946): nodes that have a position, and links between such. */
export function geojson({ state, rates }: Exported): object {
  const places = new Map(
    state.nodes.flatMap(node => (node.position === undefined ? [] : [[node.id, placeOf(node)] as const])),
  );
  const points = state.nodes
    .filter(({ id }) => places.has(id))
    .map(node => ({
      ...{ type: 'Feature', id: node.id },
      geometry: { type: 'Point', coordinates: places.get(node.id) },
      properties: { ...node.details, name: node.name, ...nodeProperties(node) },
    }));
  const lines = state.links
    .filter(({ source, target }) => places.has(source) && places.has(target))
    .map(link => ({
      ...{ type: 'Feature', id: link.id },
      geometry: { type: 'LineString', coordinates: [places.get(link.source), places.get(link.target)] },
      properties: { source: link.source, target: link.target, ...linkProperties(link, rates) },
    }));
  return { type: 'FeatureCollection', features: [...lines, ...points] };
}

const kinds: Readonly<Record<MeshStateLink['kind'], string>> = {
  wireless: 'wifi',
  tunnel: 'vpn',
  wired: 'other',
  other: 'other',
};

/** A meshviewer.json, with all that meshviewer reads without asking whether it is there. Traffic is in `weir`, which it leaves alone. */
export function meshviewer({ state, rates }: Exported): object {
  const at = new Date(state.at).toISOString();
  return {
    timestamp: at,
    nodes: state.nodes.map(node => meshviewerNode(node, at)),
    links: state.links.map(link => ({
      ...{ type: kinds[link.kind], source: link.source, target: link.target },
      ...{
        source_tq: link.quality ?? 1 / costOf(link),
        target_tq: link.reverseQuality ?? link.quality ?? 1 / costOf(link),
      },
      weir: trafficOf(link, rates),
    })),
  };
}

/** Where it is not known when a node was first seen, or an offline one last: else all would be new, and lost just now. */
const LONG_AGO = new Date(0).toISOString();

function meshviewerNode(node: MeshStateNode, at: string): object {
  const { details, clients = 0 } = node;
  return {
    ...{ node_id: node.id, hostname: node.name, is_online: node.online, is_gateway: node.gateway },
    ...{ firstseen: details.firstSeen ?? LONG_AGO, lastseen: node.online ? at : (details.lastSeen ?? LONG_AGO) },
    ...{ clients, clients_wifi24: 0, clients_wifi5: 0, clients_other: clients },
    ...(node.addresses.length === 0 ? {} : { addresses: node.addresses }),
    ...(node.position === undefined ? {} : { location: node.position }),
    ...(node.nextHop === undefined ? {} : { gateway_nexthop: node.nextHop }),
    ...(node.leavesBy === undefined ? {} : { gateway: node.leavesBy }),
    ...(details.model === undefined ? {} : { model: String(details.model) }),
    ...(details.site === undefined ? {} : { domain: String(details.site) }),
    firmware: details.firmware === undefined ? {} : { release: String(details.firmware) },
  };
}

function placeOf({ position }: MeshStateNode): readonly [number, number] {
  return [position!.longitude, position!.latitude];
}

function nodeProperties({ online, gateway, clients, nextHop, leavesBy }: MeshStateNode): object {
  return {
    ...{ online, gateway },
    ...(clients === undefined ? {} : { clients }),
    ...(nextHop === undefined ? {} : { nextHop }),
    ...(leavesBy === undefined ? {} : { leavesBy }),
  };
}

function linkProperties(link: MeshStateLink, rates: Exported['rates']): object {
  const { id, kind, quality, reverseQuality, cost, reverseCost } = link;
  return {
    ...{ id, kind },
    ...(quality === undefined ? {} : { quality }),
    ...(reverseQuality === undefined ? {} : { reverseQuality }),
    ...(cost === undefined ? {} : { cost }),
    ...(reverseCost === undefined ? {} : { reverseCost }),
    ...{ weir: trafficOf(link, rates) },
  };
}

/** Bits per second. */
function trafficOf({ id }: MeshStateLink, rates: Exported['rates']): LinkRate {
  return rates.get(id) ?? { forward: 0, reverse: 0 };
}

/** ETX where the protocol tells no cost: what is sent until it has come through, there and back. */
function costOf({ cost, quality, reverseQuality }: MeshStateLink): number {
  if (cost !== undefined) return cost;
  const both = (quality ?? 1) * (reverseQuality ?? quality ?? 1);
  return both > 0 ? 1 / both : MOST_COST;
}

/** Of a link that nothing comes through: JSON has no infinity. */
const MOST_COST = 65_535;
