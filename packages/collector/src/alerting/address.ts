import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseHostPort } from '../config/address.js';
import { WeirError } from '../error.js';
import type { ChannelSettings, SecretPlace } from './channel-settings.js';
import { facilities } from './senders/facilities.js';

/** Ports where none is named: RFC 6409, RFC 8314, RFC 5321; RFC 5426, RFC 6587, RFC 5425; MQTT's registered ones. */
const PORTS = {
  ...{ smtp: 587, smtps: 465, 'smtp+plain': 25 },
  ...{ 'syslog+udp': 514, 'syslog+tcp': 601, 'syslog+tls': 6514 },
  ...{ mqtt: 1883, mqtts: 8883 },
} as const;
type Scheme = keyof typeof PORTS;

const FORMS =
  'https://..., smtp://HOST?from=ADDRESS&to=ADDRESS, syslog+udp://HOST, syslog+tcp://HOST, syslog+tls://HOST, mqtt://HOST/TOPIC, mqtts://HOST/TOPIC, or file:PATH of a file with one of these';

/**
 * Reads NAME=ADDRESS of a channel. What an address holds may be a secret, and so is in no error.
 * @throws WeirError
 */
export function parseChannel(text: string): ChannelSettings {
  const [, name, given] = /^\s*([a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?)\s*=\s*(.*?)\s*$/s.exec(text) ?? [];
  if (name === undefined || given === undefined || given === '') {
    throw new WeirError(
      `alerts: write NAME=ADDRESS, the name of small letters, digits and hyphens, the address as ${FORMS}`,
    );
  }
  const address = given.startsWith('file:') ? addressIn(given.slice(5), name) : given;
  return /^https?:\/\//i.test(address) ? webhookOf(name, address) : otherOf(name, address);
}

function addressIn(file: string, name: string): string {
  try {
    return readFileSync(resolve(file), 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrong(name, `the file ${file} with its address cannot be read: ${code}`);
  }
}

/** What is behind # is ours, as it would go to no server (RFC 3986 section 3.5): all else is the receiver's. */
function webhookOf(name: string, address: string): ChannelSettings {
  if (!URL.canParse(address)) throw wrong(name, 'its address is no URL');
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') throw wrong(name, PASSWORD_IN_ADDRESS);
  const given = new Given(name, url.hash.slice(1), ['secret-file', 'token-file', 'ca']);
  url.hash = '';
  if (url.protocol === 'http:') given.refuseCa();
  return {
    ...{ kind: 'webhook', name, url: url.href, ca: given.file('ca') },
    ...{ secret: given.secret('secret'), token: given.secret('token') },
  };
}

const PASSWORD_IN_ADDRESS =
  'a user or password does not belong in the address; write user=NAME, and the password to a file that password-file=FILE names (of a webhook: token-file=FILE behind a #)';

function otherOf(name: string, address: string): ChannelSettings {
  const match = /^([a-z+]+):\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/s.exec(address);
  if (match === null || !Object.hasOwn(PORTS, match[1]!)) throw wrong(name, `its address is none; write ${FORMS}`);
  const [, scheme, authority, path = '', query = ''] = match as unknown as [string, Scheme, string, string?, string?];
  if (authority.includes('@')) throw wrong(name, PASSWORD_IN_ADDRESS);
  const at = parseHostPort(authority, `alerts: channel "${name}"`, PORTS[scheme]);
  if (scheme.startsWith('mqtt')) return mqttOf(name, scheme, at, path, query);
  if (path !== '') throw wrong(name, `behind the host of ${scheme}:// comes ?, not a path`);
  return scheme.startsWith('smtp') ? mailOf(name, scheme, at, query) : syslogOf(name, scheme, at, query);
}

type At = ReturnType<typeof parseHostPort>;

function mailOf(name: string, scheme: Scheme, at: At, query: string): ChannelSettings {
  const given = new Given(name, query, ['from', 'to', 'user', 'password-file', 'ca']);
  const security = scheme === 'smtps' ? 'tls' : scheme === 'smtp' ? 'starttls' : 'none';
  const [from, to, user] = [given.text('from'), given.all('to'), given.text('user')];
  const addresses = [...(from === undefined ? [] : [from]), ...to];
  if (from === undefined || to.length === 0)
    throw wrong(name, 'an e-mail needs from=ADDRESS and to=ADDRESS; to may be given more than once');
  const odd = addresses.find(each => !/^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(each));
  if (odd !== undefined) throw wrong(name, `"${odd}" is no e-mail address`);
  if (security === 'none') {
    given.refuseCa();
    if (user !== undefined) throw wrong(name, 'smtp+plain:// would send the password unencrypted; write smtp://');
  }
  return {
    kind: 'mail',
    name,
    security,
    ...at,
    from,
    to,
    user,
    password: given.secret('password'),
    ca: given.file('ca'),
  };
}

function syslogOf(name: string, scheme: Scheme, at: At, query: string): ChannelSettings {
  const transport = scheme.slice('syslog+'.length) as 'udp' | 'tcp' | 'tls';
  const given = new Given(name, query, ['facility', 'ca']);
  if (transport !== 'tls') given.refuseCa();
  const facility = facilities.indexOf(given.text('facility') ?? 'daemon');
  if (facility < 0) throw wrong(name, `there is no such facility; there are ${facilities.join(', ')}`);
  return { kind: 'syslog', name, transport, ...at, facility, ca: given.file('ca') };
}

function mqttOf(name: string, scheme: Scheme, at: At, path: string, query: string): ChannelSettings {
  const tls = scheme === 'mqtts';
  const given = new Given(name, query, ['qos', 'user', 'password-file', 'ca']);
  if (!tls) given.refuseCa();
  const topic = path;
  // MQTT 3.1.1 sections 4.7.1 and 4.7.3.
  if (topic === '' || /[#+\0]/.test(topic) || Buffer.byteLength(topic) > 1000)
    throw wrong(
      name,
      'write mqtt://HOST/TOPIC, the topic without # and +, for example mqtt://broker.example.org/weir/alerts',
    );
  const qos = given.text('qos') ?? '1';
  if (qos !== '0' && qos !== '1') throw wrong(name, 'qos is 0 or 1');
  const user = given.text('user');
  const secrets = { user, password: given.secret('password'), ca: given.file('ca') };
  return { kind: 'mqtt', name, tls, ...at, topic, qos: qos === '0' ? 0 : 1, ...secrets };
}

/** The parameters of an address. */
class Given {
  readonly #parameters: URLSearchParams;

  constructor(
    readonly name: string,
    query: string,
    known: readonly string[],
  ) {
    // A + is one: addresses of e-mail have them.
    this.#parameters = new URLSearchParams(query.replaceAll('+', '%2B'));
    for (const key of this.#parameters.keys()) {
      if (!known.includes(key))
        throw wrong(name, `there is no parameter "${key.slice(0, 40)}"; there are ${known.join(', ')}`);
    }
  }

  text(key: string): string | undefined {
    return this.#parameters.get(key) || undefined;
  }

  all(key: string): string[] {
    return this.#parameters.getAll(key).filter(each => each !== '');
  }

  file(key: string): string | undefined {
    const path = this.text(key);
    return path === undefined ? undefined : resolve(path);
  }

  /** Its file, or WEIR_ALERT_WHAT_NAME of the environment. */
  secret(what: 'secret' | 'token' | 'password'): SecretPlace {
    const variable = `WEIR_ALERT_${what}_${this.name.replaceAll('-', '_')}`.toUpperCase();
    return { file: this.file(`${what}-file`), variable };
  }

  refuseCa(): void {
    if (this.text('ca') !== undefined)
      throw wrong(this.name, 'ca=FILE says who signs certificates, which an unencrypted connection has none of');
  }
}

function wrong(name: string, what: string): WeirError {
  return new WeirError(`alerts: channel "${name}": ${what}`);
}
