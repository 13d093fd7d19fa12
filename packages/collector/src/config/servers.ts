import { resolve } from 'node:path';
import { WeirError } from '../error.js';
import type { ServerSettings } from '../store/doors/settings.js';

const FORM =
  'clickhouse:http[s]://[USER@]HOST[:PORT][,HOST[:PORT]...]/DATABASE[?password-file=FILE&ca=FILE&cluster=NAME]';
/** Ports of ClickHouse's HTTP interface. */
const PORTS = { http: 8123, https: 8443 } as const;
const KNOWN = ['password-file', 'ca', 'cluster'];
/** What goes into statements as a name. */
const name = /^[A-Za-z_]\w*$/;

/** Whether a store is on ClickHouse servers. */
export function isServers(store: string): boolean {
  return store.startsWith('clickhouse:');
}

/**
 * Reads the address of ClickHouse servers.
 * @throws WeirError
 */
export function parseServers(store: string): ServerSettings {
  const match = /^clickhouse:(https?):\/\/(?:([^@/?]*)@)?([^@/?]+)\/([^/?]*)(?:\?(.*))?$/.exec(store);
  // Not in words: what does not fit the form may be a password.
  if (match === null)
    throw new WeirError(`store: what is given after clickhouse: is no address of servers; write ${FORM}`);
  const [, scheme, user, hosts, database, query] = match as unknown as [string, 'http' | 'https', string?, ...string[]];
  if (user?.includes(':')) {
    throw new WeirError(
      `store: a password does not belong in the address; write it to a file and name that with password-file=FILE, or put it into the environment as WEIR_STORE_PASSWORD`,
    );
  }
  const parameters = parametersOf(query, scheme);
  const cluster = parameters.get('cluster') || undefined;
  for (const [what, value] of [
    ['database', database],
    ['cluster', cluster],
  ] as const) {
    if (value !== undefined && !name.test(value)) {
      throw new WeirError(`store: "${value}" is no name of a ${what}: letters, digits and _; write ${FORM}`);
    }
  }
  const urls = hosts!.split(',').map(host => urlOf(scheme, host));
  if (urls.length > 1 && cluster === undefined) {
    throw new WeirError(
      'store: several servers without cluster=NAME would each have Flow Records of their own; name the cluster that they are replicas of, or one server',
    );
  }
  const file = (key: string) => (parameters.get(key) ? resolve(parameters.get(key)!) : undefined);
  return {
    urls,
    database: database!,
    user: decodeURIComponent(user ?? 'default'),
    passwordFile: file('password-file'),
    ca: file('ca'),
    cluster,
  };
}

function parametersOf(query: string | undefined, scheme: string): URLSearchParams {
  const parameters = new URLSearchParams(query ?? '');
  for (const key of parameters.keys()) {
    if (!KNOWN.includes(key))
      throw new WeirError(`store: ClickHouse servers have no parameter "${key}"; write ${FORM}`);
    if (key === 'ca' && scheme === 'http') {
      throw new WeirError(
        'store: ca=FILE says who signs certificates, which http:// has none of; write clickhouse:https://',
      );
    }
  }
  return parameters;
}

function urlOf(scheme: 'http' | 'https', host: string): string {
  const { port } = /(?:^|[^:\]])(?::(?<port>\d+))$/.exec(host)?.groups ?? {};
  const authority = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/.test(host) && Number(port ?? 1) <= 65_535;
  if (!authority) throw new WeirError(`store: "${host}" is no address: write HOST[:PORT], an IPv6 address in brackets`);
  return `${scheme}://${/\]:\d+$|^[^[:]+:\d+$/.test(host) ? host : `${host}:${PORTS[scheme]}`}`;
}
