/** What is not well and what to do about it. Text between backticks is a command or a setting. */
export const health = {
  metering: 'Metering',
  connecting: 'Connecting',
  waiting: 'Waiting for an exporter',
  lost: {
    title: 'No connection',
    what: 'The collector does not answer; what is shown here is what it said last.',
    action: 'This page connects again by itself. If it does not, see whether `weir up` still runs.',
  },
  token: {
    title: 'Token needed',
    what: 'This collector answers only to readers with its token.',
    action: 'Open this page once with `?token=` and the token, which is in the file `token` of its data directory.',
  },
  storeDown: {
    title: 'Store is down',
    what: (batches: string) => `The store does not answer; waiting on disk: ${batches}.`,
    action: 'It is started again by itself. If this stays, look for free disk space and at what the collector prints.',
  },
  storeBehind: {
    title: 'Store falls behind',
    what: (batches: string) => `Waiting to be stored: ${batches}, so this page is late.`,
    action: 'The disk or the processor is too slow for this traffic. Nothing is lost while there is room on the disk.',
  },
  dropped: {
    title: 'Flows lost',
    what: (records: string) => `This collector dropped ${records}: the store was too far behind.`,
    action: 'Give it a faster disk, or send it less; what it prints says whether the disk is full.',
  },
  datagramsDropped: {
    title: 'Datagrams lost',
    what: (datagrams: string) => `${datagrams} found the receive buffer full or no room for their sender.`,
    action: 'Raise `receive-buffer`; run the collector with CAP_NET_ADMIN so that it may pass net.core.rmem_max.',
  },
  notSent: {
    title: 'Flows lost',
    what: (address: string, records: string) => `${address} missed or could not send ${records} since it started.`,
    action: 'Run `weir doctor` there: it names what held the probe up and how to mend it.',
  },
  lostOnTheWay: {
    title: 'Flows lost',
    what: (address: string, records: string) => `${records} of ${address} were sent and never came.`,
    action:
      'The network or a full receive buffer dropped them: raise `receive-buffer`, and look at the path between them.',
  },
  spoolFull: {
    title: 'Datagrams lost',
    what: (address: string, datagrams: string) => `${datagrams} of ${address} found no room in the raw spool.`,
    action: 'The store is behind, or the disk full: the log says why. Raise `raw-spool-size` for longer bursts.',
  },
  table: {
    full: 'Connection table full',
    filling: 'Connection table filling',
    what: (address: string, share: string, entries: string, most: string) =>
      `${share} of ${address}'s connection table is in use (${entries} of ${most}). When full, new connections are refused.`,
    action: (command: string) => `Allow more: \`${command}\``,
  },
  unread: {
    title: 'Unread Data Sets',
    what: (address: string, sets: string) => `${sets} of ${address} came before a Template, not read yet.`,
    action:
      'Templates are sent again regularly. If the number goes on growing, shorten the Template refresh at the exporter.',
  },
  malformed: {
    title: 'Malformed Messages',
    what: (address: string, messages: string) => `${messages} of ${address} broke the protocol.`,
    action: 'Look at what sends to this port; an exporter that does so needs an update.',
  },
  clock: {
    title: 'Clocks differ',
    behind: (address: string, length: string) =>
      `The clock of ${address} is ${length} behind: its flows are drawn at the wrong time.`,
    ahead: (address: string, length: string) =>
      `The clock of ${address} is ${length} ahead: its flows are drawn at the wrong time.`,
    action: 'Set both clocks, by NTP for example.',
  },
  resets: {
    title: 'Counters reset',
    what: (address: string, times: string) =>
      `Another program on ${address} set connection counters back ${times}; what it took is not counted here.`,
    action: 'Run `weir doctor` there: it names competing readers such as nlbwmon or ulogd.',
  },
  overflow: {
    title: 'Flow table overflow',
    what: (address: string, times: string) => `The flow table of ${address} was full ${times}.`,
    action: 'Run `weir doctor` there; give the probe a larger flow table.',
  },
  silent: {
    title: 'Exporter silent',
    what: (address: string, ago: string) => `${address} was last heard ${ago}.`,
    action: 'See whether its probe runs (`weir doctor` there) and whether its datagrams reach this collector.',
  },
};
