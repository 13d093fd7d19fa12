import type { Host } from '../host/host.js';
import { AttributeCursor } from '../netlink/attributes.js';
import { nativeU32 } from '../netlink/native.js';
import type { DatagramReader } from '../netlink/reader.js';
import { dump } from './dump.js';
import * as rt from './rtnetlink.js';
import { utf8 } from './utf8.js';

const IFINFOMSG_OCTETS = 16;
/** What the kernel routes by: a link that changes in these may change routes without another event. */
const FLAGS_THAT_ROUTE = rt.IFF_UP | rt.IFF_RUNNING | rt.IFF_LOWER_UP;

/** A network interface, as rtnetlink tells of it. */
export interface Interface {
  readonly index: number;
  readonly name: string;
  /** The interface's alias (`ip link set alias`), '' where it has none. */
  readonly description: string;
  /** Its own address, six octets, undefined where it has none of Ethernet's kind. */
  readonly mac: Uint8Array | undefined;
  /** VLAN id (1-4094) of a VLAN interface, else 0. */
  readonly vlan: number;
  /** Bits a second, undefined where the kernel does not tell. */
  readonly speed: number | undefined;
  /** What kind of virtual link it is ("vlan", "vrf", "veth"), '' for others. */
  readonly kind: string;
  /** Index of the bridge, bond or VRF that it belongs to, 0 for none. */
  readonly master: number;
  /** IFF_ flags (include/uapi/linux/if.h). */
  readonly flags: number;
}

/** The interfaces of the network namespace. */
export interface Interfaces {
  /** Changes whenever the list does. */
  readonly generation: number;
  list(): readonly Interface[];
}

/** Keeps the interfaces from a dump and the events after it. */
export class InterfaceTable implements Interfaces {
  generation = 0;
  malformed = 0;
  readonly #byIndex = new Map<number, Interface>();
  readonly #cursor = new AttributeCursor();
  readonly #nest = new AttributeCursor();
  readonly #data = new AttributeCursor();

  constructor(private readonly host: Host) {}

  list(): readonly Interface[] {
    return [...this.#byIndex.values()];
  }

  get(index: number): Interface | undefined {
    return this.#byIndex.get(index);
  }

  /** The interface of this name, undefined where there is none. */
  named(name: string): Interface | undefined {
    return this.list().find(each => each.name === name);
  }

  /** Reads all interfaces anew. @returns false where that failed */
  load(): boolean {
    const seen = new Set<number>();
    const request = { type: rt.RTM_GETLINK, family: 0, payloadOctets: IFINFOMSG_OCTETS };
    const whole = dump(this.host, request, reader => {
      if (reader.messages.type === rt.RTM_NEWLINK) this.apply(reader);
      seen.add(indexOf(reader));
      return true;
    });
    if (!whole) return false;
    for (const index of this.#byIndex.keys()) if (!seen.has(index)) this.#remove(index);
    return true;
  }

  /** Takes the link message at the cursor. @returns whether what the kernel routes by may have changed */
  apply(reader: DatagramReader): boolean {
    const { bytes, messages } = reader;
    if (messages.end - messages.start < IFINFOMSG_OCTETS) {
      this.malformed++;
      return false;
    }
    // AF_BRIDGE tells of a bridge's port: that one leaves the bridge does not mean that it is gone.
    if (bytes[messages.start] !== 0) return false;
    const index = indexOf(reader);
    if (messages.type === rt.RTM_DELLINK) return this.#remove(index);
    const link = this.#parse(reader, index);
    return link !== undefined && this.#keep(link);
  }

  #remove(index: number): boolean {
    if (!this.#byIndex.delete(index)) return false;
    this.generation++;
    return true;
  }

  #keep(link: Interface): boolean {
    const before = this.#byIndex.get(link.index);
    if (before === undefined || !isSame(before, link)) {
      this.#byIndex.set(link.index, link);
      this.generation++;
    }
    return before === undefined || !routesAlike(before, link);
  }

  #parse(reader: DatagramReader, index: number): Interface | undefined {
    const { bytes, halves, messages } = reader;
    const cursor = this.#cursor;
    const link = { index, name: '', description: '', kind: '', vlan: 0, master: 0 };
    let mac: Uint8Array | undefined;
    cursor.reset(bytes, halves, messages.start + IFINFOMSG_OCTETS, messages.end);
    while (cursor.next()) {
      const { type, start, length } = cursor;
      if (type === rt.IFLA_IFNAME) link.name = utf8(bytes, start, length);
      else if (type === rt.IFLA_IFALIAS) link.description = utf8(bytes, start, length);
      else if (type === rt.IFLA_ADDRESS && length === 6) mac = bytes.slice(start, start + 6);
      else if (type === rt.IFLA_MASTER && length === 4) link.master = nativeU32(halves, start);
      else if (type === rt.IFLA_LINKINFO) this.#linkInfo(reader, link);
      // Wireless events tell of nothing else, and would take away what is known.
      else if (type === rt.IFLA_WIRELESS) return undefined;
    }
    if (cursor.failed || this.#nest.failed || link.name === '') {
      this.malformed++;
      return undefined;
    }
    const flags = nativeU32(halves, messages.start + 8);
    return { ...link, mac: mac?.some(octet => octet !== 0) ? mac : undefined, flags, speed: this.#speed(link) };
  }

  #linkInfo(reader: DatagramReader, link: { kind: string; vlan: number }): void {
    const nest = this.#nest;
    nest.enter(this.#cursor);
    while (nest.next()) {
      if (nest.type === rt.IFLA_INFO_KIND) link.kind = nest.text();
      else if (nest.type === rt.IFLA_INFO_DATA && link.kind === 'vlan') link.vlan = this.#vlanId(reader);
    }
  }

  #vlanId({ halves }: DatagramReader): number {
    const data = this.#data;
    data.enter(this.#nest);
    while (data.next()) if (data.type === rt.IFLA_VLAN_ID && data.length === 2) return halves[data.start >> 1];
    return 0;
  }

  /** /sys may be another namespace's: it speaks of this interface only where the index is the same. */
  #speed({ index, name }: { index: number; name: string }): number | undefined {
    const folder = `/sys/class/net/${name}`;
    if (name.includes('/') || name.startsWith('.') || Number(this.host.readText(`${folder}/ifindex`)) !== index)
      return undefined;
    const megabits = Number(this.host.readText(`${folder}/speed`) ?? 0);
    return megabits > 0 ? megabits * 1_000_000 : undefined;
  }
}

function indexOf({ halves, messages }: DatagramReader): number {
  return nativeU32(halves, messages.start + 4);
}

function isSame(a: Interface, b: Interface): boolean {
  return (
    a.name === b.name &&
    a.description === b.description &&
    a.vlan === b.vlan &&
    a.speed === b.speed &&
    a.kind === b.kind &&
    a.master === b.master &&
    a.flags === b.flags &&
    `${a.mac}` === `${b.mac}`
  );
}

function routesAlike(a: Interface, b: Interface): boolean {
  return (
    a.name === b.name &&
    a.master === b.master &&
    a.kind === b.kind &&
    a.vlan === b.vlan &&
    ((a.flags ^ b.flags) & FLAGS_THAT_ROUTE) === 0
  );
}
