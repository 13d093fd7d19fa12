/** The flows and what one of them is. */
export const flows = {
  title: 'Flows',
  order: 'Order',
  newest: 'Newest',
  largest: 'Largest',
  pause: 'Pause',
  resume: 'Resume',
  trouble: (why: string) => `The collector could not answer (${why}). Trying again.`,
  none: {
    refused: 'Nothing is shown until the filter is understood.',
    filtered: 'No flow of this time matches the filter.',
    never: 'No flow yet.',
    here: 'No flow in this time.',
    help: (length: string) =>
      `Flows appear when they end, or after ${length} when they go on. Nothing after that? Run \`weir doctor\`: it says what stands in the way.`,
  },
  source: 'Source',
  destination: 'Destination',
  protocol: 'Protocol',
  sent: 'Sent',
  sentHelp: 'From the source to the destination',
  received: 'Received',
  receivedHelp: 'From the destination back to the source',
  start: 'Start',
  duration: 'Duration',
  end: 'End',
  notCounted: 'not counted',
  notCountedHelp: 'The exporter had no counters for this flow',
  noAnswer: 'no answer',
  natSource: 'Source after network address translation',
  natDestination: 'Destination after network address translation',
  open: (source: string, destination: string, protocol: string, state: string) =>
    `Flow from ${source} to ${destination}, ${protocol}, ${state}: show all facts`,
};

export const panel = {
  label: 'Facts of one flow',
  flow: 'Flow',
  session: 'Open the session',
  close: 'Close',
  closeHelp: 'Close (Esc)',
  each: (octets: string) => `${octets} each`,
  average: (rate: string) => `${rate} on average`,
  state: 'State',
  until: 'Reported until',
  last: 'Last packet',
  natSource: 'Source after NAT',
  natDestination: 'Destination after NAT',
  icmp: (type: number, code: number) => `type ${type}, code ${code}`,
  records: 'Flow Records',
  exporter: 'Exporter',
  domain: 'Observation Domain',
  id: 'Flow id',
  narrow: 'Narrow the filter',
  only: 'Only',
  thisSource: 'this source',
  thisDestination: 'this destination',
  port: (port: number) => `port ${port}`,
};

/** flowEndReason (IANA registry, RFC 5102 section 5.11.3) in an operator's words. */
export const ends = {
  idle: { word: 'idle timeout', meaning: 'No packet came for longer than the idle timeout.' },
  live: { word: 'live', meaning: 'The flow goes on; this is its newest interim report.' },
  closed: { word: 'closed', meaning: 'The end of the flow was seen, such as TCP FIN or RST.' },
  forced: {
    word: 'forced end',
    meaning: 'Something outside ended it, such as the probe stopping or the table being flushed.',
  },
  resources: { word: 'lack of resources', meaning: 'The meter was short of memory and gave the flow up.' },
  none: { word: 'not said', meaning: 'The exporter did not say how the flow ended.' },
  other: (code: number) => ({ word: `reason ${code}`, meaning: 'A reason that the registry did not have.' }),
};

/** Types of ICMP and ICMPv6 (IANA) in words. */
export const icmp = {
  echoReply: 'echo reply',
  unreachable: 'unreachable',
  echo: 'echo',
  timeExceeded: 'time exceeded',
  tooBig: 'packet too big',
  solicitation: 'neighbour solicitation',
  advertisement: 'neighbour advertisement',
  other: (type: number, code: number) => `type ${type} code ${code}`,
};

export const filter = {
  label: 'Filter',
  placeholder: 'Filter, e.g. src net 10.0.0.0/8 and dst port 443',
  clear: 'Clear the filter',
  apply: 'Apply',
  suggestions: 'Suggestions for the filter',
};
