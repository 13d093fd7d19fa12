import { type EventSubject, keyOf } from '../../analysis/events/event.js';
import { flowMeasures, type WatchedMeasure } from '../../analysis/events/measures.js';
import { type FlowKind, flowKinds, type NamedThing, type WatchedKind } from '../../config/options/watch.js';
import type { Store } from '../../store/client.js';
import { serviceName } from '../../store/events/service-name.js';
import { groups, interfaceFilter } from '../../store/queries.js';

/** Of each kind the largest are watched, by the octets of a day. */
export const LARGEST = 16;
/** Things that are told by filters at a time, all kinds together: the engine tells them, and all traffic, apart by the bits of a number. */
const MOST_THINGS = 63;
const DAY = 86_400_000;

/** What is watched. */
export interface Thing extends EventSubject {
  /** Undefined where the configuration names it. */
  readonly kind?: WatchedKind;
}

/** What is watched of a thing. */
export function measuresOf({ place }: Pick<EventSubject, 'place'>): readonly WatchedMeasure[] {
  if (place === undefined) return flowMeasures;
  return 'link' in place ? ['load'] : ['in', 'out'];
}

type Group = Readonly<Record<string, unknown>>;

/** What the store is asked for of a kind, and what thing a group of the answer is; undefined where the records do not say. */
interface Kind {
  readonly by: readonly string[];
  /** Of which flows; undefined where the kind is of no flows at all. Default all. */
  readonly within?: (localNetworks: readonly string[]) => string | undefined;
  readonly thingOf: (group: Group) => EventSubject | undefined;
}

function interfaceAs(field: 'inif' | 'outif'): Kind {
  return {
    by: ['exporter', field],
    thingOf: ({ exporter, [field]: number, [`${field}Name`]: name }) =>
      typeof number !== 'number' || number === 0
        ? undefined
        : {
            name: `${name ?? `interface ${number}`} of ${exporter}`,
            filter: interfaceFilter(String(exporter), number),
          },
  };
}

function networkAs(field: 'srcnetwork' | 'dstnetwork'): Kind {
  return {
    by: [field],
    thingOf: ({ [field]: name }) =>
      typeof name !== 'string' || name === '' || name.includes('"') ? undefined : { name, filter: `network "${name}"` },
  };
}

function hostAs(field: 'src' | 'dst'): Kind {
  return {
    by: [field],
    within: networks =>
      networks.length === 0 ? undefined : networks.map(network => `${field} net ${network}`).join(' or '),
    thingOf: ({ [field]: address }) =>
      typeof address !== 'string' ? undefined : { name: address, filter: `host ${address}` },
  };
}

const kinds: Readonly<Record<FlowKind, readonly Kind[]>> = {
  exporter: [
    { by: ['exporter'], thingOf: ({ exporter }) => ({ name: String(exporter), filter: `exporter = ${exporter}` }) },
  ],
  interface: [interfaceAs('inif'), interfaceAs('outif')],
  network: [networkAs('srcnetwork'), networkAs('dstnetwork')],
  host: [hostAs('src'), hostAs('dst')],
  service: [
    {
      by: ['proto', 'dstport'],
      thingOf: ({ proto, dstport }) =>
        typeof dstport !== 'number' || dstport === 0
          ? undefined
          : {
              name: serviceName(65_536 * Number(proto) + dstport),
              filter: `proto ${proto} and dst port ${dstport}`,
            },
    },
  ],
};

/** What is wanted, and where "in" is towards. */
export interface Wanted {
  readonly watchedKinds: readonly WatchedKind[];
  readonly watchedThings: readonly NamedThing[];
  readonly localNetworks: readonly string[];
}

/**
 * What is watched of flows now: what the configuration names, and of each kind what was watched already and what is largest now, as far as there is room.
 * @param known what was watched until now.
 * @throws WeirError where the store cannot be asked
 */
export async function thingsOf(store: Store, wanted: Wanted, known: readonly Thing[], now: number): Promise<Thing[]> {
  const { watchedThings, localNetworks } = wanted;
  const watchedKinds = flowKinds.filter(kind => wanted.watchedKinds.includes(kind));
  const things = new Map<string, Thing>();
  const add = (found: Iterable<Thing>) => {
    for (const thing of found)
      if (!things.has(keyOf(thing)) && things.size < MOST_THINGS) things.set(keyOf(thing), thing);
  };
  add(watchedThings);
  add(known.filter(({ kind }) => watchedKinds.some(each => each === kind)));
  for (const kind of watchedKinds) add(await largestOf(store, kind, localNetworks, now));
  return [...things.values()];
}

async function largestOf(
  store: Store,
  kind: FlowKind,
  localNetworks: readonly string[],
  now: number,
): Promise<Thing[]> {
  const found: Thing[] = [];
  for (const { by, within = () => '', thingOf } of kinds[kind]) {
    const filter = within(localNetworks);
    if (filter === undefined) continue;
    const rows = await groups(store, { from: now - DAY, to: now, filter }, [...by], LARGEST);
    const things = rows.flatMap(row => thingOf(row) ?? []);
    found.push(...things.map(subject => ({ ...subject, kind })));
  }
  return found;
}
