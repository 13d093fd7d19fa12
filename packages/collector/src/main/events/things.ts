import type { EventSubject } from '../../analysis/events/event.js';
import type { NamedThing, WatchedKind } from '../../config/options/watch.js';
import type { Store } from '../../store/client.js';
import { serviceName } from '../../store/events/service-name.js';
import { groups, interfaceFilter } from '../../store/queries.js';

/** Of each kind the largest are watched, by the octets of a day. */
const LARGEST = 16;
/** Things at a time, all kinds together: the engine tells them, and all traffic, apart by the bits of a number. */
const MOST_THINGS = 63;
const DAY = 86_400_000;

/** What is watched. */
export interface Thing extends EventSubject {
  /** Undefined where the configuration names it. */
  readonly kind?: WatchedKind;
}

type Group = Readonly<Record<string, unknown>>;

/** What the store is asked for of a kind, and what thing a group of the answer is; undefined where the records do not say. */
interface Kind {
  readonly by: readonly string[];
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

const kinds: Readonly<Record<WatchedKind, readonly Kind[]>> = {
  exporter: [
    { by: ['exporter'], thingOf: ({ exporter }) => ({ name: String(exporter), filter: `exporter = ${exporter}` }) },
  ],
  interface: [interfaceAs('inif'), interfaceAs('outif')],
  network: [networkAs('srcnetwork'), networkAs('dstnetwork')],
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

/**
 * What is watched now: what the configuration names, and of each kind what was watched already and what is largest now, as far as there is room.
 * @param known what was watched until now.
 * @throws WeirError where the store cannot be asked
 */
export async function thingsOf(
  store: Store,
  {
    watchedKinds,
    watchedThings,
  }: { readonly watchedKinds: readonly WatchedKind[]; readonly watchedThings: readonly NamedThing[] },
  known: readonly Thing[],
  now: number,
): Promise<Thing[]> {
  const things = new Map<string, Thing>();
  const add = (found: Iterable<Thing>) => {
    for (const thing of found)
      if (!things.has(thing.filter) && things.size < MOST_THINGS) things.set(thing.filter, thing);
  };
  add(watchedThings);
  add(known.filter(({ kind }) => kind !== undefined && watchedKinds.includes(kind)));
  for (const kind of watchedKinds) add(await largestOf(store, kind, now));
  return [...things.values()];
}

async function largestOf(store: Store, kind: WatchedKind, now: number): Promise<Thing[]> {
  const found: Thing[] = [];
  for (const { by, thingOf } of kinds[kind]) {
    const rows = await groups(store, { from: now - DAY, to: now }, [...by], LARGEST);
    const things = rows.flatMap(row => thingOf(row) ?? []);
    found.push(...things.map(subject => ({ ...subject, kind })));
  }
  return found;
}
