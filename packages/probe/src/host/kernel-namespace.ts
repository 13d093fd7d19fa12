import type { KernelCounters, KernelDoor } from '../metering/kernel-door.js';
import { SystemError } from './host.js';
import type { KernelDescriptors } from './kernel-programs.js';
import { KernelRow, ROW_OCTETS } from './kernel-row.js';
import {
  BPF_F_MMAPABLE,
  BPF_MAP_TYPE_ARRAY,
  BPF_MAP_TYPE_HASH,
  BPF_MAP_TYPE_RINGBUF,
  type Libbpf,
  libbpf,
  linkIterator,
  mapOptions,
} from './libbpf.js';
import * as libc from './libc.js';
import { OwnEntries } from './own-entries.js';
import { RecordRing } from './record-ring.js';
import { mapShared, type SharedMap } from './shared-map.js';

const KEY_OCTETS = 8;
/** sizeof(struct connection) of bpf/meter.h. */
const CONNECTION_OCTETS = 184;
type MapSizes = readonly [key: number, value: number, entries: number];

/** One network namespace, metered by the kernel: its maps, its ring, its row of settings. */
export class KernelNamespace implements KernelDoor {
  readonly records: RecordRing;
  readonly settings: KernelRow;
  readonly #row: SharedMap;
  readonly #rowMap: number;
  readonly #bpf: Libbpf = libbpf();
  /** The slot, as the key of the maps of maps. */
  readonly #key: Uint8Array;
  /** VLANs and neighbours. */
  readonly #told = new OwnEntries();
  readonly #connections: number;
  readonly #link: number;
  /** What close() has to undo, the last of it first. */
  readonly #undo: (() => void)[] = [];
  /** What was counted when it was closed: the row's memory is gone then. */
  #last: KernelCounters | undefined;
  /** Of the sweep under way, or -1. */
  #iterator = -1;
  #visited = new Uint8Array(0);

  /**
   * @param namespace inode number
   * @param capacity connections of which the map has room
   * @param ringOctets a power of two
   * @throws SystemError where the kernel refuses: then nothing is left of it
   */
  constructor(
    private readonly descriptors: KernelDescriptors,
    readonly namespace: number,
    capacity: number,
    ringOctets: number,
  ) {
    const slot = takeSlot(descriptors.taken);
    this.#undo.push(() => Atomics.store(descriptors.taken, slot, 0));
    this.#key = words(slot);
    try {
      this.#connections = this.#map('connections', BPF_MAP_TYPE_HASH, [KEY_OCTETS, CONNECTION_OCTETS, capacity]);
      this.#rowMap = this.#map('namespace', BPF_MAP_TYPE_ARRAY, [4, ROW_OCTETS, 1]);
      this.#row = mapShared(this.#rowMap, 'namespace', ROW_OCTETS);
      this.settings = new KernelRow(this.#row.buffer);
      this.settings.setPlace(namespace, slot);
      this.#undo.push(() => this.#closeRow());
      this.records = new RecordRing(this.#create('records', BPF_MAP_TYPE_RINGBUF, [0, 0, ringOctets]), ringOctets);
      this.#undo.push(() => this.records.close());
      this.#enter(descriptors.namespaces, this.#key, words(this.#rowMap));
      this.#enter(descriptors.connections, this.#key, words(this.#connections));
      this.#enter(descriptors.rings, this.#key, words(this.records.descriptor));
      this.#link = this.#linkSweep();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  counters(): KernelCounters {
    return this.#last ?? this.settings.counters();
  }

  begin(): void {
    this.#enter(this.descriptors.slots, words(this.namespace), this.#key);
  }

  /** The kernel waits for the programs that have found the row before (maybe_wait_bpf_programs in kernel/bpf/syscall.c). */
  end(): void {
    this.#bpf.mapDelete(this.descriptors.slots, words(this.namespace));
    this.#bpf.mapDelete(this.descriptors.namespaces, this.#key);
  }

  setVlan(index: number, vlan: number): void {
    if (vlan !== 0) this.settings.setHasVlans(true);
    this.#told.put(this.descriptors.vlans, words(this.namespace, index), vlan === 0 ? undefined : words(vlan));
  }

  setNeighbour(index: number, address: ArrayLike<number>, mac: Uint8Array | undefined): void {
    const key = words(this.namespace, index, 0, 0, 0, 0);
    const view = new DataView(key.buffer);
    for (let i = 0; i < 4; i++) view.setUint32(8 + 4 * i, address[i]);
    const value = mac && new Uint8Array(8);
    value?.set(mac ?? []);
    this.#told.put(this.descriptors.neighbours, key, value);
  }

  beginSweep(): void {
    this.endSweep();
    this.#iterator = this.#bpf.iteratorCreate(this.#link);
    if (this.#iterator < 0) throw new SystemError(libc.errorCode(), 'bpf(sweep)');
  }

  stepSweep(count: number): number {
    if (this.#visited.length < count) this.#visited = new Uint8Array(count);
    const visited = libc.read(this.#iterator, this.#visited, count);
    if (visited < 0) throw new SystemError(libc.errorCode(), 'read(sweep)');
    return visited;
  }

  endSweep(): void {
    if (this.#iterator >= 0) libc.close(this.#iterator);
    this.#iterator = -1;
  }

  close(): void {
    this.endSweep();
    this.#told.close();
    for (const undo of this.#undo.splice(0).reverse()) undo();
  }

  #closeRow(): void {
    this.#last = this.settings.counters();
    this.#row.close();
  }

  #linkSweep(): number {
    const link = linkIterator(this.descriptors.sweep, this.#connections);
    if (link < 0) throw new SystemError(libc.errorCode(), 'bpf(link of the sweep)');
    this.#undo.push(() => libc.close(link));
    return link;
  }

  #map(name: string, type: number, sizes: MapSizes): number {
    const descriptor = this.#create(name, type, sizes);
    this.#undo.push(() => libc.close(descriptor));
    return descriptor;
  }

  #create(name: string, type: number, [key, value, entries]: MapSizes): number {
    // As in bpf/maps.h: maps of maps take only such as they were declared for.
    const flags = type === BPF_MAP_TYPE_ARRAY ? BPF_F_MMAPABLE : 0;
    const descriptor = this.#bpf.mapCreate(type, name, key, value, entries, mapOptions(flags));
    if (descriptor < 0) throw new SystemError(libc.errorCode(), `bpf(map of ${name})`);
    return descriptor;
  }

  #enter(map: number, key: Uint8Array, value: Uint8Array): void {
    if (this.#bpf.mapUpdate(map, key, value, 0) !== 0) throw new SystemError(libc.errorCode(), 'bpf(map update)');
    this.#undo.push(() => this.#bpf.mapDelete(map, key));
  }
}

/** @throws SystemError where all are taken */
function takeSlot(taken: Uint8Array): number {
  const slot = taken.findIndex((_, i) => Atomics.compareExchange(taken, i, 0, 1) === 0);
  if (slot < 0) throw new SystemError('ENOSPC', `metering more than ${taken.length} network namespaces`);
  return slot;
}

function words(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}
