import { parseFilter } from '@weir/flow';
import Type, { type Static } from 'typebox';
import { WeirError } from '../../error.js';

/** What the store tells apart by itself: the largest of each are watched. */
export const flowKinds = ['exporter', 'interface', 'network', 'host', 'service'] as const;
export type FlowKind = (typeof flowKinds)[number];

/** And on the meshes of topologies. */
export const meshKinds = ['gateway', 'link'] as const;
export type MeshKind = (typeof meshKinds)[number];

export const watchedKinds = [...flowKinds, ...meshKinds] as const;
export type WatchedKind = FlowKind | MeshKind;

const options = Type.Object({
  watch: Type.Array(Type.String(), {
    description:
      'what is watched for traffic, new flows, answers and round trips that are not usual for the time of day: total; the largest of each exporter, interface, network, host (of the local networks), service, gateway or link (of topologies); and NAME=FILTER; may be given more than once',
    default: ['total', 'interface', 'network', 'gateway'],
    maxItems: 63,
  }),
  'watch-delay': Type.Integer({
    description:
      'seconds to wait for the records of a minute before it is judged: as long as an exporter may take to report a flow that goes on',
    default: 90,
    minimum: 0,
    maximum: 3600,
  }),
});

/** What is watched for what is not usual. */
export const watchOptions = options.properties;

/** A thing that the configuration names. */
export interface NamedThing {
  readonly name: string;
  /** In the filter language. */
  readonly filter: string;
}

export interface WatchSettings {
  readonly watchedKinds: readonly WatchedKind[];
  readonly watchedThings: readonly NamedThing[];
  /** Milliseconds. */
  readonly watchDelay: number;
}

/** @throws WeirError */
export function watchSettings(given: Static<typeof options>): WatchSettings {
  const kinds = watchedKinds.filter(kind => given.watch.includes(kind));
  const others = given.watch.filter(text => !kinds.includes(text as WatchedKind));
  return {
    watchedKinds: kinds,
    watchedThings: others.map(text => (text === 'total' ? { name: 'total', filter: '' } : namedThing(text))),
    watchDelay: 1000 * given['watch-delay'],
  };
}

function namedThing(text: string): NamedThing {
  const [, name, filter] = /^\s*([^=]*[^=\s])\s*=\s*(\S.*)$/.exec(text) ?? [];
  if (name === undefined || filter === undefined || name === 'total') {
    throw new WeirError(
      `watch: "${text}" is none of total, ${watchedKinds.join(', ')}; else write NAME=FILTER, such as "Web=dst port 443"`,
    );
  }
  try {
    parseFilter(filter);
  } catch (error) {
    throw new WeirError(`watch: the filter of "${name}": ${(error as Error).message}`);
  }
  return { name, filter };
}
