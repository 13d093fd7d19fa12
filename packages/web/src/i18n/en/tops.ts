/** Who and what has most of the traffic. */
export const tops = {
  label: 'Most traffic',
  kinds: {
    sources: 'Sources',
    destinations: 'Destinations',
    services: 'Services',
    countries: 'Countries of destinations',
    networks: 'Networks of destinations',
  },
  help: 'Sent and received. A click adds it to the filter.',
  unknown: 'not known',
  /** Of a field that records do not have. */
  absent: 'none',
  protocol: (number: number) => `protocol ${number}`,
  none: 'Nothing in this time.',
  narrow: (label: string) => `Only ${label}`,
};
