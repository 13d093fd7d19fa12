import { parseNetwork } from '@weir/flow';
import Type, { type Static } from 'typebox';
import { WeirError } from '../../error.js';
import type { PlaceRule } from '../../mesh/places/rules.js';
import { parseTopologyPlaces, type TopologyAddress } from '../../mesh/sources/place.js';

const options = Type.Object({
  topology: Type.Array(Type.String(), {
    description:
      'topology of a mesh network for the map, NAME=PLACE, whatever its format: a file or a directory of files, http:// or https://, or tcp://HOST:PORT?send=TEXT, with what is sent after connecting; parts of one topology with a comma between. May be repeated: several are layers',
    default: [],
    maxItems: 64,
  }),
  'topology-interval': Type.Integer({
    description: 'seconds between two looks at a topology',
    default: 60,
    minimum: 5,
    maximum: 86_400,
  }),
  place: Type.Array(Type.String(), {
    description:
      'NETWORK=NODE: addresses of that network are at that node of the mesh, whatever the topology says; the node by its id. May be repeated: of networks within each other the smallest counts',
    default: [],
    maxItems: 10_000,
  }),
  'keep-mesh-history': days('the history of the mesh is kept'),
  'keep-mesh-loads': days('the loads of links of the mesh are kept'),
});

function days(what: string) {
  return Type.Optional(
    Type.Integer({ description: `days that ${what}; default: for ever`, minimum: 1, maximum: 36_500 }),
  );
}

/** Where topologies of mesh networks come from, and how long their history is kept. */
export const meshOptions = options.properties;

export interface MeshSettings {
  readonly topologies: readonly TopologyAddress[];
  /** Seconds. */
  readonly topologyInterval: number;
  readonly places: readonly PlaceRule[];
  /** Days; undefined: for ever. */
  readonly keepMeshHistory: number | undefined;
  readonly keepMeshLoads: number | undefined;
}

/** @throws WeirError */
export function meshSettings(given: Static<typeof options>): MeshSettings {
  const topologies = given.topology.map(parseTopology);
  const twice = topologies.find(({ name }, i) => topologies.findIndex(other => other.name === name) < i);
  if (twice !== undefined) throw new WeirError(`topology: "${twice.name}" is the name of two; give each its own`);
  return {
    topologies,
    topologyInterval: given['topology-interval'],
    places: given.place.map(parseRule),
    keepMeshHistory: given['keep-mesh-history'],
    keepMeshLoads: given['keep-mesh-loads'],
  };
}

function parseTopology(text: string): TopologyAddress {
  const [, name, places] = /^([\p{L}\p{N}][\p{L}\p{N}_. -]{0,63})=(.+)$/su.exec(text) ?? [];
  if (name === undefined || places === undefined) {
    throw new WeirError(
      `topology: "${text}" is no name and place; write NAME=PATH, NAME=https://..., or NAME=tcp://HOST:PORT?send=TEXT, the name of letters, digits and _ . -`,
    );
  }
  return { name, places: parseTopologyPlaces(places) };
}

function parseRule(text: string): PlaceRule {
  const [, network, node] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/s.exec(text) ?? [];
  if (network === undefined || node === undefined || node === '' || parseNetwork(network) === undefined) {
    throw new WeirError(
      `place: "${text}" is no network and node; write NETWORK=NODE, for example 10.1.2.0/24=roof-12, with the id of a node`,
    );
  }
  return { network, node };
}
