/** Which of an account's two directions something is about: one of them, the larger one, or both together. */
export const measures = ['in', 'out', 'max', 'sum'] as const;
export type Measure = (typeof measures)[number];

/**
 * What is inside an account: it gives traffic its direction. Networks: their addresses. Macs: their stations. Interfaces: what comes in by them is "in". Local: the
 * collector's local networks, for accounts that are a filter alone.
 */
export interface Inside {
  readonly kind: 'networks' | 'macs' | 'interfaces' | 'local';
  readonly values: readonly string[];
}

/** Which traffic is an account's. What was counted by one definition stays as it is when another one takes its place. */
export interface Definition {
  readonly inside: Inside;
  /** In the filter language: only what fits counts; empty for everything. */
  readonly filter: string;
}

export interface Quota {
  /** Octets of a month. */
  readonly octets: bigint;
  readonly of: Measure;
  /** Percents of it at which to warn, ascending. */
  readonly warn: readonly number[];
}

/** Traffic that is billed together. */
export interface Account {
  readonly name: string;
  readonly definition: Definition;
  /** IANA name. */
  readonly timeZone: string;
  /** Of a month, 1 to 31; the last day of months that are shorter. */
  readonly firstDay: number;
  /** 1 to 100, and what of. */
  readonly percentile: number;
  readonly percentileOf: Measure;
  readonly quota: Quota | undefined;
  /** Hours after its end at which a month is closed. */
  readonly closeAfter: number;
}

/** One of two directions, or both, as a measure means them. */
export function measured<T extends bigint | number>(measure: Measure, ofIn: T, ofOut: T): T {
  switch (measure) {
    case 'in':
      return ofIn;
    case 'out':
      return ofOut;
    case 'max':
      return ofIn > ofOut ? ofIn : ofOut;
    case 'sum':
      return ((ofIn as bigint) + (ofOut as bigint)) as T;
  }
}
