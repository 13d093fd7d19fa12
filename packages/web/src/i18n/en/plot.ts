/** Traffic over time. */
export const plot = {
  title: 'Throughput',
  in: 'In',
  out: 'Out',
  range: 'Range',
  at: (clock: string) => `at ${clock}`,
  atHelp: 'The newest time that every flow has reported',
  arriving: 'still arriving',
  arrivingEvery: (length: string) => `(reports every ${length})`,
  arrivingHelp: (length: string) =>
    `A flow that goes on is reported every ${length}. Until then its newest seconds are missing here; they are filled in when its report comes.`,
  packetsPerSecond: (rate: string) => `${rate} packets/s`,
};
