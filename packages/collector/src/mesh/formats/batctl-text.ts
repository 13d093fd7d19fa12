import { canonicalMac } from '../address.js';
import { BatctlTables } from './batctl-tables.js';
import type { Format } from './format.js';
import { linesOf } from './values.js';

const HEADER = /^\[B\.A\.T\.M\.A\.N\. adv [^\]]*?MainIF\/MAC: [^/]*\/([0-9a-f:]{17})(?: \([^/]*\/([0-9a-f:]{17}))?/im;
/** Best, originator, seen, TQ or throughput, next hop, interface. */
const ORIGINATOR = /^(\*?)\s*([0-9a-f:]{17})\s+[\d.]+s\s+\(\s*([\d.]+)\)\s+([0-9a-f:]{17})\s+\[\s*([^\]]*)\]/i;
/** Best, client, VLAN, flags, ttvn, originator. */
const GLOBAL = /^[*+]?\s*([0-9a-f:]{17})\s+-?\d+\s+\[[^\]]*\]\s+\(\s*\d+\)\s+([0-9a-f:]{17})\b/i;
/** Client, VLAN, flags, seen. */
const LOCAL = /^\*?\s*([0-9a-f:]{17})\s+-?\d+\s+\[([^\]]*)\]\s+[\d.]+/i;
/** Best, gateway, TQ or throughput, next hop, interface. */
const GATEWAY = /^([*=]?>?)\s*([0-9a-f:]{17})\s+\(\s*[\d.]+\)\s+([0-9a-f:]{17})\s+\[[^\]]*\]:/i;
/** Interface, neighbour, seen. */
const NEIGHBOUR = /^(\S+)\s+([0-9a-f:]{17})\s+[\d.]+s$/i;

/** Tables of batman-adv as `batctl o`, `n`, `tg`, `tl` and `gwl` print them (with -n: MAC addresses, not names of bat-hosts), one or several after each other. */
export const batctlText: Format = {
  name: 'batctl text',
  is: ({ text, values }) => values.length === 0 && HEADER.test(text.slice(0, 4096)),
  read: ({ text }, mesh) => {
    const tables = new BatctlTables(mesh);
    for (const line of linesOf(text)) readLine(line, tables);
    tables.finish();
  },
};

function readLine(line: string, tables: BatctlTables): void {
  const header = HEADER.exec(line);
  if (header !== null) {
    const self = canonicalMac(header[1]!);
    if (self !== undefined) tables.self(self, canonicalMac(header[2] ?? ''));
    return;
  }
  if (!readRow(line, tables) && /[0-9a-f]{2}:[0-9a-f]{2}:/i.test(line)) tables.leaveOut();
}

function readRow(line: string, tables: BatctlTables): boolean {
  return (
    readOriginator(line, tables) || readClient(line, tables) || readGateway(line, tables) || readNeighbour(line, tables)
  );
}

function readOriginator(line: string, tables: BatctlTables): boolean {
  const [, best, from, value, by, device] = ORIGINATOR.exec(line) ?? [];
  const [originator, neighbour] = [canonicalMac(from ?? ''), canonicalMac(by ?? '')];
  if (originator === undefined || neighbour === undefined) return false;
  // A TQ has no point, a throughput in Mbit/s has.
  const tq = value!.includes('.') ? undefined : Number(value);
  tables.originator({ originator, neighbour, best: best === '*', tq, device });
  return true;
}

function readClient(line: string, tables: BatctlTables): boolean {
  const [, client, originator] = GLOBAL.exec(line) ?? [];
  const [, local, flags] = client === undefined ? (LOCAL.exec(line) ?? []) : [];
  const mac = canonicalMac(client ?? local ?? '');
  if (mac === undefined) return false;
  tables.client(mac, canonicalMac(originator ?? ''), flags?.includes('P') ?? false);
  return true;
}

function readGateway(line: string, tables: BatctlTables): boolean {
  const [, best, gateway, router] = GATEWAY.exec(line) ?? [];
  const mac = canonicalMac(gateway ?? '');
  if (mac !== undefined) tables.gateway(mac, canonicalMac(router ?? ''), best !== '');
  return mac !== undefined;
}

function readNeighbour(line: string, tables: BatctlTables): boolean {
  const [, device, neighbour] = NEIGHBOUR.exec(line) ?? [];
  const mac = canonicalMac(neighbour ?? '');
  if (mac !== undefined) tables.neighbour(mac, device);
  return mac !== undefined;
}
