import { type Static, Type } from 'typebox';

const name = '^[a-z][a-z0-9-]{0,10}$';
const strict = { additionalProperties: false };

/** A silent node answers nothing on this TCP port (RFC 863's discard) and on these UDP ports: packets there are dropped. */
export const silentPorts = { tcp: 9, udp: { first: 20_000, last: 29_999 } } as const;

const node = Type.Object(
  {
    masquerade: Type.Optional(
      Type.String({ description: 'The neighbour towards which everything that leaves gets this node’s own address.' }),
    ),
    silent: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Drops TCP to port 9 and UDP to ports 20000 to 29999 without a word.',
      }),
    ),
    track: Type.Optional(
      Type.Boolean({ default: false, description: 'Connections are tracked even without translation or a subject.' }),
    ),
    nft: Type.Optional(Type.String({ description: 'More nftables commands for this node.' })),
  },
  strict,
);

/** What a link may do to packets. */
const quality = {
  loss: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1,
      description:
        'Share of the packets lost each way, at the second node: the first sees all that it sends and gets. ' +
        'The second should forward what it sends, because a sender would notice a loss of its own.',
    }),
  ),
  delay: Type.Optional(Type.Number({ minimum: 0, description: 'Milliseconds each way.' })),
  rate: Type.Optional(Type.Integer({ minimum: 1, description: 'Mbit/s each way.' })),
};

const link = Type.Object(
  {
    between: Type.Array(Type.String(), {
      minItems: 2,
      maxItems: 2,
      description: 'Two nodes. The first gets the first host address of each prefix, the second the second.',
    }),
    ipv4: Type.Optional(Type.String({ description: 'Prefix, for example 10.77.1.0/24.' })),
    ipv6: Type.Optional(Type.String({ description: 'Prefix, for example fd77:1::/64.' })),
    vlan: Type.Optional(Type.Integer({ minimum: 1, maximum: 4094, description: 'IEEE 802.1Q id of all that passes.' })),
    ...quality,
  },
  strict,
);

const mesh = Type.Object(
  {
    routers: Type.Integer({ minimum: 3, maximum: 60, description: 'So many: r1, r2, ...' }),
    ...quality,
  },
  {
    ...strict,
    description:
      'Routers in a ring, r1 to rN, each third of them also with the one on the other side. ' +
      'Every fourth link of the ring loses packets, the links across are slow.',
  },
);

/**
 * A network as data. A link is called, at each of its ends, after the node at the other. Every node knows the way to every prefix (fewest
 * links; from outside, no way leads through a masquerading node), and forwards.
 */
export const topologySchema = Type.Object(
  {
    nodes: Type.Record(Type.String({ pattern: name }), Type.Union([node, Type.Null()])),
    links: Type.Array(link, { minItems: 1 }),
    mesh: Type.Optional(mesh),
  },
  strict,
);

export type TopologySpec = Static<typeof topologySchema>;
export type NodeSpec = Static<typeof node>;
export type LinkSpec = Static<typeof link>;
export type MeshSpec = Static<typeof mesh>;
