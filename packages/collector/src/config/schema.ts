import Type, { type Static } from 'typebox';
import { defaultDataDirectory } from './directory.js';

/** The networks that count as local where nothing else is said: RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291, loopback. */
export const defaultLocalNetworks: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
];

/** The options of the collector: keys of the configuration file and, with two dashes before them, of the command line. */
export const collectorSchema = Type.Object(
  {
    listen: Type.Array(Type.String(), {
      description:
        'transport URL to receive IPFIX on: udp://HOST[:PORT], tcp://HOST[:PORT], sctp://HOST[:PORT] (where the kernel has SCTP) or tls://HOST[:PORT]?cert=FILE&key=FILE (with &ca=FILE only exporters with a certificate of that authority); may be given more than once',
      default: ['udp://127.0.0.1:4739'],
      minItems: 1,
      maxItems: 64,
    }),
    store: Type.Optional(
      Type.String({ description: 'where records are kept, chdb:PATH (default: the data directory)', minLength: 1 }),
    ),
    data: Type.String({
      description: 'data directory, made where it is not there',
      default: defaultDataDirectory(),
      minLength: 1,
    }),
    http: Type.String({ description: 'HOST:PORT of the pages and the HTTP API', default: '127.0.0.1:4780' }),
    'token-file': Type.Optional(
      Type.String({
        description:
          'file with the token that pages and API ask for; made when the HTTP address is beyond loopback (default: token in the data directory)',
        minLength: 1,
      }),
    ),
    'local-networks': Type.Array(Type.String(), {
      description: 'networks, as CIDR, that traffic "in" goes towards; default: private, link-local and loopback ones',
      default: [...defaultLocalNetworks],
      maxItems: 1024,
    }),
    'receive-buffer': Type.Integer({
      description: 'socket receive buffer in octets; the kernel may grant less without CAP_NET_ADMIN',
      default: 64 * 1024 * 1024,
      minimum: 65_536,
      maximum: 1_073_741_824,
    }),
  },
  { additionalProperties: false },
);

/** The options of the collector with every default filled in. */
export type CollectorConfig = Static<typeof collectorSchema>;
