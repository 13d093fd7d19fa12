export const shell = {
  pages: 'Pages',
  page: {
    overview: 'Overview',
    flows: 'Flows',
    events: 'Events',
    quality: 'Quality',
    network: 'Network',
    map: 'Map',
    billing: 'Accounts',
    report: 'Report',
    exporters: 'Exporters',
    setup: 'Set-up',
  },
  theme: { toLight: 'Switch to light', toDark: 'Switch to dark' },
  logIn: 'Log in',
  language: 'Language',
  store: { none: 'Store', ready: 'Store ready', down: 'Store down' },
  restarts: (url: string, times: string) => `${url}, started again ${times}`,
  noExporter: 'No exporter',
  exporter: (address: string) => `Exporter ${address}`,
  exporters: (heard: string, all: string) => `${heard} of ${all} exporters`,
  lastHeard: (ago: string) => `last heard ${ago}`,
  connection: { live: 'Live', connecting: 'Connecting', token: 'Locked', lost: 'Reconnecting' },
  attention: 'What needs attention',
  more: (count: string) => `and ${count} more`,
  loading: 'Loading …',
  pageFailed: 'This page could not be loaded. See whether the collector still runs, then load the page again.',
};

export const strip = {
  label: 'Health',
  silent: 'no exporter has said yet',
  exported: 'Records exported',
  exportedSince: 'since the exporter started',
  lost: 'Records lost',
  lostAbove: 'what to do is said above',
  lostNone: 'none at the exporter, none on the way',
  tracked: 'Connections now',
  fill: (share: string, capacity: string) => `${share} of ${capacity} that fit`,
  fillLabel: 'Connection table in use',
  arriving: 'Records arriving',
  arrivingOver: 'over the last 10 s',
  stored: 'Records stored',
  onDisk: (octets: string) => `${octets} on disk`,
  waiting: (batches: string) => `${batches} waiting`,
};

export const nouns = {
  packet: { one: 'packet', other: 'packets' },
  flow: { one: 'flow', other: 'flows' },
  flowRecord: { one: 'Flow Record', other: 'Flow Records' },
  dataRecord: { one: 'Data Record', other: 'Data Records' },
  dataSet: { one: 'Data Set', other: 'Data Sets' },
  message: { one: 'Message', other: 'Messages' },
  datagram: { one: 'datagram', other: 'datagrams' },
  batch: { one: 'batch', other: 'batches' },
  time: { one: 'time', other: 'times' },
};

export const time = {
  now: 'now',
  ago: (length: string) => `${length} ago`,
};
