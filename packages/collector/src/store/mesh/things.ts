import type { Mesh, MeshLink, MeshNode } from '../../mesh/mesh.js';
import { clientsIn, clientsOf, costIn, costOf, qualityIn, qualityOf } from './numbers.js';

export type ThingKind = 'node' | 'link';

/** What of a node or link moves all the time, as integers: see numbers.ts. What is the other kind's is 0. */
export const moving = ['online', 'clients', 'quality', 'reverseQuality', 'cost', 'reverseCost'] as const;
export type Moving = Readonly<Record<(typeof moving)[number], number>>;

/** A node or a link as the history has it. */
export interface Thing extends Moving {
  readonly kind: ThingKind;
  readonly id: string;
  /** What seldom changes, as JSON. */
  readonly told: string;
  /** Of a node, as JSON. They may be different at each look, as uptimes are: see sameThing. */
  readonly details: string;
}

/** By keyOf. */
export type Things = ReadonlyMap<string, Thing>;

export function keyOf({ kind, id }: Pick<Thing, 'kind' | 'id'>): string {
  return `${kind} ${id}`;
}

/** @param withClients whether addresses of clients are kept */
export function thingsOf({ nodes, links }: Mesh, withClients: boolean): Things {
  const things = [...nodes.map(node => nodeThing(node, withClients)), ...links.map(linkThing)];
  return new Map(things.map(thing => [keyOf(thing), thing]));
}

/** The mesh that these are; routing tables are not kept. */
export function meshOf(things: Iterable<Thing>): Mesh {
  const all = [...things];
  return {
    nodes: all.filter(({ kind }) => kind === 'node').map(nodeOf),
    links: all.filter(({ kind }) => kind === 'link').map(linkOf),
    ...{ routes: [], leftOut: {} },
  };
}

/** A change of details alone is none: they go along with what else seldom changes, and with the first state of a day. */
export function sameThing(a: Thing, b: Thing): boolean {
  return a.told === b.told && moving.every(name => a[name] === b[name]);
}

/** Whether it is the address of one host, as of a client, and no network of many. */
export function isHost(network: string): boolean {
  const [address, length] = network.split('/');
  return length === undefined || length === (address!.includes(':') ? '128' : '32');
}

const still: Moving = { online: 0, clients: 0, quality: 0, reverseQuality: 0, cost: 0, reverseCost: 0 };

function nodeThing(node: MeshNode, withClients: boolean): Thing {
  const { id, online, clients, details, networks, ...others } = node;
  const told = { ...others, networks: withClients ? networks : networks.filter(network => !isHost(network)) };
  return {
    ...{ ...still, kind: 'node', id, online: Number(online), clients: clientsIn(clients) },
    ...{ told: JSON.stringify(told), details: JSON.stringify(details) },
  };
}

function linkThing(link: MeshLink): Thing {
  const { id, quality, reverseQuality, cost, reverseCost, ...others } = link;
  return {
    ...{ ...still, kind: 'link', id, told: JSON.stringify(others), details: '' },
    ...{ quality: qualityIn(quality), reverseQuality: qualityIn(reverseQuality) },
    ...{ cost: costIn(cost), reverseCost: costIn(reverseCost) },
  };
}

export function nodeOf({ id, online, clients, told, details }: Thing): MeshNode {
  const others = JSON.parse(told) as Omit<MeshNode, 'id' | 'online' | 'clients' | 'details'>;
  const known = clientsOf(clients);
  return {
    ...{ id, ...others, online: online === 1 },
    ...(known === undefined ? {} : { clients: known }),
    details: JSON.parse(details) as MeshNode['details'],
  };
}

export function linkOf({ id, told, ...numbers }: Thing): MeshLink {
  const others = JSON.parse(told) as Pick<MeshLink, 'source' | 'target' | 'kind'>;
  const values = {
    ...{ quality: qualityOf(numbers.quality), reverseQuality: qualityOf(numbers.reverseQuality) },
    ...{ cost: costOf(numbers.cost), reverseCost: costOf(numbers.reverseCost) },
  };
  return { id, ...others, ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) };
}
