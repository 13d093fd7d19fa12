import { hostname } from 'node:os';
import Type, { type Static } from 'typebox';
import { parseChannel } from '../../alerting/address.js';
import type { ChannelSettings, TellingSettings } from '../../alerting/channel-settings.js';
import { type MutePattern, parseMute } from '../../alerting/mutes.js';
import type { AlertRoute } from '../../alerting/routes.js';
import { WeirError } from '../../error.js';
import { formatHostPort, type HostPort } from '../address.js';
import { alertRoutesOption, routesOf } from './alert-routes.js';

const options = Type.Object({
  alerts: Type.Array(Type.String(), {
    description:
      'who is told of anomalies, NAME=ADDRESS: a webhook (https://...), smtp://HOST?from=ADDRESS&to=ADDRESS, syslog+udp://HOST (+tcp, +tls), mqtt://HOST/TOPIC (mqtts), or file:PATH of a file that holds the address; may be given more than once',
    default: [],
    maxItems: 20,
  }),
  'alert-group': Type.Integer({
    description: 'seconds that news waits for more, so that it is one message',
    default: 30,
    minimum: 0,
    maximum: 3600,
  }),
  'alert-limit': Type.Integer({
    description: 'messages an hour by each channel; what there is beyond is held back and summed up in the next one',
    default: 20,
    minimum: 1,
    maximum: 3600,
  }),
  'alert-remind': Type.Integer({
    description: 'hours after which people are reminded of what goes on and nobody has acknowledged; 0: never',
    default: 4,
    minimum: 0,
    maximum: 720,
  }),
  'alert-mute': Type.Array(Type.String(), {
    description:
      'what nobody is told of, KIND=FILTER or KIND="NAME OF A SUBJECT", the kind any, anomaly, scan, flood, amplification, new-talker, silent-host or quota; with " until TIME" behind it where it ends; may be given more than once',
    default: [],
    maxItems: 1000,
  }),
  'alert-routes': alertRoutesOption,
  'public-url': Type.Optional(
    Type.String({
      description: 'address under which people reach the pages, for links in alerts; default: that of the option http',
      minLength: 1,
      maxLength: 500,
    }),
  ),
});

/** Who is told of events in the traffic, and how often. */
export const alertOptions = options.properties;

export interface AlertSettings {
  readonly channels: readonly ChannelSettings[];
  readonly mutes: readonly MutePattern[];
  readonly routes: readonly AlertRoute[];
  readonly telling: TellingSettings;
  /** With a slash at its end. */
  readonly pages: string;
}

export interface AlertingSettings {
  readonly alerting: AlertSettings;
}

/** Where the pages are by the option http. */
interface Served {
  readonly http: HostPort;
  readonly tls?: object;
}

/** @throws WeirError */
export function alertSettings(given: Static<typeof options>, served: Served): AlertingSettings {
  const channels = given.alerts.map(parseChannel);
  const twice = channels.find(({ name }, i) => channels.findIndex(other => other.name === name) < i);
  if (twice !== undefined) throw new WeirError(`alerts: "${twice.name}" is the name of two; give each its own`);
  const telling = {
    group: given['alert-group'] * 1000,
    limit: given['alert-limit'],
    remind: given['alert-remind'] * 3_600_000,
  };
  const pages = pagesOf(given['public-url'], served);
  const names = channels.map(({ name }) => name);
  const routes = routesOf(given['alert-routes'], names);
  return { alerting: { channels, mutes: given['alert-mute'].map(parseMute), routes, telling, pages } };
}

function pagesOf(text: string | undefined, { http: { host, port }, tls }: Served): string {
  if (text === undefined) {
    const name = ['0.0.0.0', '::'].includes(host) ? hostname() : host;
    return `${tls === undefined ? 'http' : 'https'}://${formatHostPort({ host: name, port })}/`;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search + url.hash + url.username !== '')
    throw new WeirError(`public-url: "${text}" is no address of pages; write https://HOST/, or https://HOST/PATH/`);
  return url.href.replace(/\/*$/, '/');
}
