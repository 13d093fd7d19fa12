import Type from 'typebox';
import { about, count, optional, time } from './parts.js';

const bits = () => Type.Array(Type.Number(), about('bits per second, a value for each of `times`'));

export const topologySchema = Type.Object(
  {
    name: Type.String(),
    format: optional(Type.String(about('what it was recognised as; absent until it could be read'))),
    state: Type.Union([Type.Literal('fresh'), Type.Literal('stale'), Type.Literal('empty')], {
      description:
        'stale: the last good state is older than it should be, see `problem`; empty: it could never be read',
    }),
    problem: optional(Type.String(about('what went wrong at the last look, and what to do; absent where nothing did'))),
    at: optional(time('when the last good state is of')),
    readAt: optional(time('when it was read')),
    nodes: count(),
    online: count('nodes that are'),
    links: count(),
    gateways: count(),
    unplaced: count('nodes without a position of their own'),
    leftOut: Type.Record(Type.String(), count(), about('what of the feed could not be taken, and how often')),
    reads: count('good looks since the start'),
    failures: count('looks since the start that went wrong'),
  },
  about('a source of topology, and its last good state'),
);

export const topologiesSchema = Type.Object({
  topologies: Type.Array(topologySchema),
  public: Type.Boolean(about('whether this is the view of those who are not logged in')),
  map: Type.Object(
    {
      tiles: optional(
        Type.Object({
          kind: Type.Enum(['raster', 'vector', 'pmtiles', 'style']),
          url: Type.String(about('with {z}, {x} and {y}; of a .pmtiles file or a style its address')),
        }),
      ),
      attribution: optional(Type.String(about('whom the base map is by'))),
      image: optional(
        Type.Object(
          {
            url: Type.String(),
            north: Type.Number(),
            west: Type.Number(),
            south: Type.Number(),
            east: Type.Number(),
          },
          about('a picture, and its edges in degrees'),
        ),
      ),
    },
    about('the base map that is set; addresses without a scheme are relative to the pages'),
  ),
});

export const nodeSchema = Type.Object({
  id: Type.String(),
  name: Type.String(about('its id where it has none')),
  position: optional(Type.Object({ latitude: Type.Number(), longitude: Type.Number() })),
  online: Type.Boolean(),
  gateway: Type.Boolean(),
  clients: optional(count('in the public view in fives, rounded down')),
  nextHop: optional(Type.String(about('id of the node that its traffic out of the mesh goes to next'))),
  leavesBy: optional(Type.String(about('id of its gateway'))),
  addresses: Type.Array(Type.String(), about('its own; empty in the public view')),
  networks: Type.Array(
    Type.String(),
    about(
      'behind it; addresses of clients are among them where the operator has switched that on; empty in the public view',
    ),
  ),
  details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
});

export const linkSchema = Type.Object({
  id: Type.String(about('SOURCE~TARGET, with ~2, ~3, ... behind it for parallel links')),
  source: Type.String(about('id of a node, the smaller one of the two')),
  target: Type.String(),
  kind: Type.Union([Type.Literal('wireless'), Type.Literal('tunnel'), Type.Literal('wired'), Type.Literal('other')]),
  quality: optional(Type.Number(about('0 to 1, from source to target'))),
  reverseQuality: optional(Type.Number(about('0 to 1, from target to source'))),
  cost: optional(Type.Number(about('of the routing protocol, from source to target'))),
  reverseCost: optional(Type.Number()),
});

export const meshStateSchema = Type.Object({
  topology: Type.String(),
  at: time('when the state came to be: it holds from then on'),
  nodes: Type.Array(nodeSchema),
  links: Type.Array(linkSchema),
});

export const meshChangesSchema = Type.Object(
  {
    topology: Type.String(),
    changes: Type.Array(
      Type.Object({
        at: time(),
        nodes: Type.Array(nodeSchema, about('as they are from then on')),
        links: Type.Array(linkSchema),
        goneNodes: Type.Array(Type.String()),
        goneLinks: Type.Array(Type.String()),
      }),
    ),
    more: Type.Boolean(about('there are more: ask from the last one on')),
  },
  about('what became different, in the order of time: the state at `from` and then these make the state at `to`'),
);

export const howSchema = Type.Union(
  [Type.Literal('measured'), Type.Literal('nextHop'), Type.Literal('route'), Type.Literal('shortest')],
  {
    description:
      'how the path over the link is known: an exporter at it saw the Flow; the topology names the next hops; a route does; or it is the path of least cost',
  },
);

export const linkLoadSchema = Type.Object({
  link: Type.String(),
  forward: bits(),
  reverse: bits(),
  how: Type.Array(
    Type.Object({ how: howSchema, share: Type.Number(about('0 to 1, of the octets')) }),
    about('the largest share first'),
  ),
  classes: Type.Object(
    { tcp: Type.Number(), udp: Type.Number(), icmp: Type.Number(), other: Type.Number() },
    about('shares of the octets, 0 to 1'),
  ),
});

export const meshLoadsSchema = Type.Object({
  topology: Type.String(),
  step: count('seconds'),
  times: Type.Array(time('beginning of the step')),
  links: Type.Array(linkLoadSchema, about('those that carried anything, the busiest first')),
  nodes: Type.Array(
    Type.Object({
      node: Type.String(),
      sent: Type.Number(about('bits per second that begin there, over the whole time')),
      received: Type.Number(about('that end there')),
      out: Type.Number(about('of a gateway: that leave the mesh by it')),
      in: Type.Number(about('of a gateway: that come into the mesh by it')),
    }),
  ),
  placed: Type.Number(about('octets that lie on links, or that begin and end at one node')),
  unplaced: Type.Array(
    Type.Object({
      reason: Type.String(about('"unknown source", "unknown destination", "no path"')),
      octets: Type.Number(),
      share: Type.Number(about('0 to 1, of all octets')),
    }),
  ),
});

export const meshCoverageSchema = Type.Object({
  sources: Type.Array(
    Type.Object({
      name: Type.String(),
      kind: Type.Union([Type.Literal('topology'), Type.Literal('flows')]),
      spans: Type.Array(Type.Tuple([time(), time()]), about('when there is something from it')),
    }),
  ),
});

export const meshHistorySchema = Type.Object({
  times: Type.Array(time()),
  online: optional(Type.Array(Type.Union([Type.Boolean(), Type.Null()]))),
  clients: optional(Type.Array(Type.Union([Type.Number(), Type.Null()]))),
  quality: optional(Type.Array(Type.Union([Type.Number(), Type.Null()]))),
  reverseQuality: optional(Type.Array(Type.Union([Type.Number(), Type.Null()]))),
});

export const meshEventSchema = Type.Object(
  { topology: Type.String(), state: Type.Boolean(about('a state came; else loads')), at: time('of the newest state') },
  about('a topology has become different, or has new loads'),
);
