import { type Static, Type } from 'typebox';

const name = '^[a-z][a-z0-9-]{0,10}$';
const strict = { additionalProperties: false };

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
    loss: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'Share of the packets lost, each way.' })),
    delay: Type.Optional(Type.Number({ minimum: 0, description: 'Milliseconds each way.' })),
    rate: Type.Optional(Type.Integer({ minimum: 1, description: 'Mbit/s each way.' })),
  },
  strict,
);

/**
 * A network as data. A link is called, at each of its ends, after the node at the other. Every node knows the way to every prefix (fewest
 * links; masquerading nodes are passed outwards only), and forwards.
 */
export const topologySchema = Type.Object(
  {
    nodes: Type.Record(Type.String({ pattern: name }), Type.Union([node, Type.Null()])),
    links: Type.Array(link, { minItems: 1 }),
  },
  strict,
);

export type TopologySpec = Static<typeof topologySchema>;
export type NodeSpec = Static<typeof node>;
export type LinkSpec = Static<typeof link>;
