/** Traffic told apart by something, and how it was answered. */
export const split = {
  by: 'Told apart by',
  together: 'nothing',
  dimensions: {
    host: 'Host',
    service: 'Service',
    network: 'Network',
    as: 'Autonomous System',
    country: 'Country',
    interface: 'Interface',
    exporter: 'Exporter',
    protocol: 'Protocol',
  },
  /** What the groups of the plot are. */
  of: {
    host: 'Destinations',
    service: 'Services',
    network: 'Networks of destinations',
    as: 'Autonomous Systems of destinations',
    country: 'Countries of destinations',
    interface: 'Interfaces on the way to destinations',
    exporter: 'Exporters',
    protocol: 'Protocols',
  },
  both: 'In and out together',
  others: 'others',
  port: (number: number) => `port ${number}`,
  noPort: 'no port',
  interface: (number: number) => `interface ${number}`,
};

export const summary = {
  label: 'Answers',
  traffic: 'Traffic',
  trafficNote: (flows: string, packets: string) => `${flows}, ${packets}`,
  answered: 'Answered',
  answeredNote: (unanswered: string) => `no answer: ${unanswered}`,
  untold: 'no record tells',
  roundTrip: 'Round trip',
  roundTripNote: (p90: string, p99: string) => `90% within ${p90}, 99% within ${p99}`,
  roundTripNone: 'no TCP handshake was timed',
  median: (length: string) => `${length} median`,
  histogram: 'Round trips: how many flows took how long',
  more: 'more',
  above: (flows: string) => `more: ${flows}`,
  upTo: (length: string, flows: string) => `up to ${length}: ${flows}`,
};
