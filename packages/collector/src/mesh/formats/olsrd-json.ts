import type { MeshBuilder } from './builder.js';
import type { Format } from './format.js';
import { OlsrTables } from './olsr-tables.js';
import { at, either, isFields, list, moment, number, truth } from './values.js';

/** What old costs of an ETX of 1 are. */
const SCALE = 1024;

const TABLES = ['topology', 'links', 'mid', 'hna', 'gateways', 'neighbors', 'routes'];

/** What olsrd's jsoninfo plugin answers to /all, or to /links, /topology and so on alone. */
export const olsrdJson: Format = {
  name: 'olsrd jsoninfo',
  is: ({ values }) => values.some(value => isTopology(value) || isTables(value)),
  read: ({ values }, mesh) => {
    const tables = new OlsrTables(mesh);
    for (const value of values) readValue(value, tables, mesh);
    tables.finish();
  },
};

function isTopology(value: unknown): boolean {
  const [first] = list(at(value, 'topology'));
  return at(first, 'lastHopIP') !== undefined && at(first, 'destinationIP') !== undefined;
}

/** The one table that was asked for, with what is in every answer of the plugin. */
function isTables(value: unknown): boolean {
  const told = at(value, 'systemTime') !== undefined || at(value, 'timeSinceStartup') !== undefined;
  const [link] = list(at(value, 'links'));
  return (
    (told && TABLES.some(name => isFields(at(value, name)) || Array.isArray(at(value, name)))) ||
    at(link, 'remoteIP') !== undefined
  );
}

function readValue(value: unknown, tables: OlsrTables, mesh: MeshBuilder): void {
  if (!isFields(value)) {
    mesh.leaveOut('table that is none');
    return;
  }
  mesh.of(moment(at(value, 'systemTime')));
  tables.own(either(at(value, 'config'), 'mainIp', 'mainIpAddress'), true);
  for (const one of list(at(value, 'interfaces'))) {
    const settings = isFields(at(one, 'olsr')) ? at(one, 'olsr') : one;
    tables.own(either(settings, 'ipAddress', 'ipv4Address', 'ipv6Address'));
  }
  for (const edge of list(at(value, 'topology')))
    tables.topology(at(edge, 'lastHopIP'), at(edge, 'destinationIP'), qualities(edge));
  for (const link of list(at(value, 'links'))) {
    tables.link(at(link, 'localIP'), at(link, 'remoteIP'), qualities(link), either(link, 'ifName', 'olsrInterface'));
  }
  for (const entry of list(at(value, 'hna'))) tables.hna(prefix(entry), at(entry, 'gateway'));
  for (const entry of list(at(value, 'mid'))) readMid(entry, tables);
  for (const route of list(at(value, 'routes'))) tables.route(prefix(route), at(route, 'gateway'));
  readGateways(at(value, 'gateways'), tables);
}

function qualities(entry: unknown) {
  const [lq, nlq] = [at(entry, 'linkQuality'), at(entry, 'neighborLinkQuality')];
  return { lq, nlq, cost: unscaled(either(entry, 'tcEdgeCost', 'linkCost'), number(lq), number(nlq)) };
}

/** Costs were told as ETX x 1024 by older versions: whichever is nearer to the ETX that the qualities make, 1 / (LQ x NLQ). */
function unscaled(value: unknown, lq: number | undefined, nlq: number | undefined): unknown {
  const told = number(value);
  if (told === undefined || told < SCALE) return value;
  const etx = lq !== undefined && nlq !== undefined && lq * nlq > 0 ? 1 / (lq * nlq) : 1;
  return Math.abs(told / SCALE - etx) < Math.abs(told - etx) ? told / SCALE : told;
}

function prefix(entry: unknown): string {
  return `${String(at(entry, 'destination'))}/${String(at(entry, 'genmask'))}`;
}

/** Before version 0.9.7 the main address was in the entry itself, since then it is an object of its own. */
function readMid(entry: unknown, tables: OlsrTables): void {
  const main = at(entry, 'main', 'ipAddress') ?? at(entry, 'ipAddress');
  for (const alias of list(at(entry, 'aliases'))) tables.mid(main, at(alias, 'ipAddress') ?? alias);
}

/** Once a list for both families, with letters for their state; now two lists. */
function readGateways(value: unknown, tables: OlsrTables): void {
  for (const gateway of [...list(value), ...list(at(value, 'ipv4')), ...list(at(value, 'ipv6'))]) {
    const selected = truth(at(gateway, 'selected')) ?? /^s/.test(String(either(gateway, 'ipv4Status', 'status') ?? ''));
    tables.gateway(either(gateway, 'originator', 'gateway', 'ipAddress'), selected);
  }
}
