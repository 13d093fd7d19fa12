/** How well flows went. */
export const quality = {
  title: 'Answers and round trips',
  trips: 'Round trip of TCP handshakes',
  half: 'half of the flows',
  nine: '9 of 10',
  most: '99 of 100',
  shares: 'Shares of flows',
  answered: 'answered',
  unopened: 'TCP without a handshake',
  resets: 'TCP reset',
  columns: {
    flows: 'Flows',
    unanswered: 'Not answered',
    unopened: 'No handshake',
    resets: 'Reset',
    p50: 'Round trip, half',
    p90: '9 of 10',
    p99: '99 of 100',
  },
  caption: (count: string) => `The ${count} with most flows`,
  sort: (column: string) => `Sort by ${column}`,
  none: 'No flows at this time.',
};
