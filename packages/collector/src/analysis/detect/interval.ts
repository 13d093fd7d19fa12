/** Who asked one target, and on which ports: sums of the flows that began in an interval. */
export interface PairSums {
  readonly source: string;
  readonly target: string;
  /** Protocol and port, such as `tcp/22`, of what was not answered. */
  readonly failed: readonly string[];
  /** The same of what was. */
  readonly answered: readonly string[];
}

/** Whom a source asked for one service. */
export interface ServiceSums {
  readonly source: string;
  /** Protocol and port, such as `tcp/22`. */
  readonly service: string;
  /** Addresses that did not answer. */
  readonly failed: readonly string[];
  readonly answered: readonly string[];
}

/** What came to one target. */
export interface TargetSums {
  readonly target: string;
  /** Flows that began and were not answered, by protocol. */
  readonly tcp: number;
  readonly udp: number;
  readonly icmp: number;
  readonly other: number;
  /** Flows that began and were answered, or of which that is not known. */
  readonly answered: number;
  /** Packets that were not answered; of records longer than the window of floods only so much as fits into it. */
  readonly packets: number;
  readonly sources: number;
  /** One of the sources. */
  readonly source: string;
  readonly ports: number;
  /** Milliseconds in which the unanswered flows began: exporters may tell those of a minute at once. */
  readonly spread: number;
}

/** What a host asked services that answer at length, and what came back; in octets, of long records as above. */
export interface AnswerSums {
  readonly victim: string;
  /** Port of the service. */
  readonly port: number;
  readonly asked: number;
  readonly answered: number;
  readonly servers: number;
  /** One of the servers. */
  readonly server: string;
}

/** The sums of the records that have come since the look before. */
export interface Interval {
  /** Milliseconds since the epoch. */
  readonly begin: number;
  readonly end: number;
  readonly pairs: readonly PairSums[];
  readonly services: readonly ServiceSums[];
  readonly targets: readonly TargetSums[];
  readonly answers: readonly AnswerSums[];
}

/** A local host's traffic of a minute, in octets, sent and received. */
export interface HostSums {
  /** Address, or the network of 64 bits that an IPv6 address is in: hosts change the rest of it every day (RFC 8981). */
  readonly host: string;
  /** One that tells of it. */
  readonly exporter: string;
  readonly sent: number;
  readonly received: number;
}
