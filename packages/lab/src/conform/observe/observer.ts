/** One Flow Record as a collector understood it: values as decimal or text, under IANA names; times under `start` and `end`. */
export type SeenRecord = Readonly<Record<string, string>>;

/** What a collector says of one Observation Domain of a session. */
export interface SeenSession {
  /** Data Records that it missed by the sequence numbers. */
  readonly lost: number;
  readonly malformed: number;
  /** Newest statistics that an Options Data Record told, by IANA name. */
  readonly statistics: Readonly<Record<string, number>>;
}

/** A run's own mark on what it sends, so that it finds it among everything else: two octets. */
export interface RunMark {
  /** Destination of every Flow, in 198.19.0.0/16 (RFC 2544: kept for such tests) and in 2001:db8::/32. */
  readonly destinationV4: string;
  readonly destinationV6: string;
  /** flowId of records that have no address. */
  readonly flowId: number;
  /** First Observation Domain ID, the mark in its upper half. */
  readonly firstDomain: number;
}

/** A way to see what a collector understood. */
export interface Observer {
  readonly name: string;
  /** Whether the collector shows this element at all. */
  shows(element: string): boolean;
  /** Every record of the run that has arrived so far; those without an address only where it shows `flowId`. */
  read(mark: RunMark): Promise<readonly SeenRecord[]>;
  /** What it says of its sessions, by Observation Domain ID; undefined where it does not say. */
  sessions(mark: RunMark): Promise<ReadonlyMap<number, SeenSession> | undefined>;
}

/** The elements that tell when a Flow started and ended; records and expectations have them as `start` and `end`, in milliseconds. */
export function timeNameOf(element: string): 'start' | 'end' | undefined {
  if (/^flowStart(Seconds|Milliseconds|Microseconds|Nanoseconds|DeltaMicroseconds)$/.test(element)) return 'start';
  return /^flowEnd(Seconds|Milliseconds|Microseconds|Nanoseconds|DeltaMicroseconds)$/.test(element) ? 'end' : undefined;
}

/** JSON lines or objects, integers beyond 2^53-1 kept whole as text. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text.replace(/([:[,]\s*)(-?\d{16,})(?=\s*[,}\]])/g, '$1"$2"'));
}
