/** A host, and networks and what talks to what in them. */
export const host = {
  title: 'Host',
  none: 'No host is chosen.',
  toNetwork: 'Choose one on the network page',
  names: 'Names',
  systems: 'Autonomous System',
  countries: 'Country',
  networks: 'Network',
  unknownHelp:
    'No Flow Record of this time says it. Names and networks come from the configuration, systems and countries from databases.',
  around: (prefix: string) => `Network ${prefix}`,
  flows: 'All of its flows',
  both: (sent: string, received: string) => `↑ ${sent} ↓ ${received}`,
  tables: {
    peers: 'Peers',
    asked: 'Services it asks for',
    offered: 'Services it offers',
    protocols: 'Protocols',
  },
  picture: 'Peers and services',
  pictureHelp: 'Peers at the left, services at the right. The wider, the more octets in both directions.',
  offers: (service: string) => `${service}, offered`,
};

export const network = {
  title: 'Network',
  all: 'all of the traffic',
  prefix: 'Network or host',
  show: 'Show',
  showAll: 'All of the traffic',
  noPrefix: 'Write a network like 10.0.0.0/8 or 2001:db8::/32, or the address of a host.',
  talks: 'What talks to what',
  help: 'Who began at the left, who answered at the right. The wider, the more octets in both directions.',
  helpService: 'Who began at the left, what was asked for at the right. The wider, the more octets in both directions.',
  noneOfNet: 'No flow of this network in this time. A longer range may have some.',
  table: 'Most traffic between two',
  from: 'Began',
  to: 'Answered',
  share: 'Share',
  flows: 'Flows',
};
