import type { ToldElement } from '@weir/flow';

/** What an exporter calls one of its interfaces. */
export interface InterfaceName {
  /** Its address. */
  readonly exporter: string;
  readonly observationDomainId: number;
  /** Number of the interface, as in ingressInterface. */
  readonly interface: number;
  readonly name: string;
  /** '' where it says none. */
  readonly description: string;
}

/** The same, with when it was told: milliseconds since the epoch. The newest holds, in whatever order they come to the store. */
export interface ToldInterfaceName extends InterfaceName {
  readonly since: number;
}

/** What exporters tell that the store keeps beside their records. */
export interface Told {
  readonly interfaces: readonly ToldInterfaceName[];
  readonly elements: readonly ToldElement[];
}
