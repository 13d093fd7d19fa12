/** By what both sides of a comparison know a flow: the tuple of its initiator, as the metered node sees it before translation. */
export interface FlowKey {
  /** IANA number. */
  protocol: number;
  source: string;
  /** 0 where the protocol has none. */
  sourcePort: number;
  destination: string;
  destinationPort: number;
}

/** A flow as a source of truth has it. Octets are of layer 3, times milliseconds since the Unix epoch; what it cannot know is absent. */
export interface TrueFlow extends FlowKey {
  packets?: number;
  octets?: number;
  reversePackets?: number;
  reverseOctets?: number;
  first?: number;
  last?: number;
}

/**
 * What a sender wrote down of a flow. Who makes packets by himself knows `packets` and `octets` exactly; who leaves that to TCP knows what
 * the application sent and got, which is a lower bound of octets.
 */
export interface SentFlow extends TrueFlow {
  payload?: number;
  reversePayload?: number;
  answered: boolean;
}

export function keyText({ protocol, source, sourcePort, destination, destinationPort }: FlowKey): string {
  return `${protocol} ${source} ${sourcePort} ${destination} ${destinationPort}`;
}

/** The key of the same packets seen from the other side. */
export function reversed({ protocol, source, sourcePort, destination, destinationPort }: FlowKey): FlowKey {
  return {
    protocol,
    source: destination,
    sourcePort: destinationPort,
    destination: source,
    destinationPort: sourcePort,
  };
}
