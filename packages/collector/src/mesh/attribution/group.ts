/** What traffic is told apart by. */
export const classes = ['tcp', 'udp', 'icmp', 'other'] as const;

/** Why traffic lies on no link. */
export const reasons = ['unknown source', 'unknown destination', 'no path'] as const;
export type Reason = (typeof reasons)[number];

/** Records that are alike, summed up. Addresses are text, empty where there is none. */
export interface Group {
  readonly source: string;
  readonly destination: string;
  /** After translation; empty where it is the same. */
  readonly natSource: string;
  readonly natDestination: string;
  /** Index in `classes`. */
  readonly class: number;
  readonly exporter: string;
  readonly nextHop: string;
  /** 0 for none. */
  readonly ingress: number;
  readonly egress: number;
  /** Of the neighbours that packets come from and go to; empty for none. */
  readonly sourceMac: string;
  readonly destinationMac: string;
  /** Another exporter's records tell of the same octets, and count. */
  readonly duplicate: boolean;
  readonly octets: number;
  readonly packets: number;
  readonly reverseOctets: number;
  readonly reversePackets: number;
  /** The minutes, since the epoch, in which they begin and end. */
  readonly begin: number;
  readonly end: number;
  /** Which part of them, from 0 to 1, is of the first minute, where it is not the last one, and of each in between. */
  readonly ofFirst: number;
  readonly ofEach: number;
}
