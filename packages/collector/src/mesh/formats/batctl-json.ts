import { canonicalMac } from '../address.js';
import { BatctlTables } from './batctl-tables.js';
import type { Format } from './format.js';
import { at, isFields, number, text, truth } from './values.js';

const TELLING = ['orig_address', 'neigh_address', 'tt_address', 'dat_cache_ip4address', 'mesh_address', 'bla_address'];

/**
 * Tables of batman-adv as batctl writes them in JSON, one or several of them: originators (oj), neighbours (nj), translation tables (tgj, tlj), gateways (gwj),
 * the ARP cache (dcj), and the mesh itself (mj), which says who the node is that tells.
 */
export const batctlJson: Format = {
  name: 'batctl JSON',
  is: ({ values }) =>
    values.length > 0 && values.every(value => rowsOf(value).slice(0, 20).every(isRow)) && values.some(hasRows),
  read: ({ values }, mesh) => {
    const tables = new BatctlTables(mesh);
    for (const value of values) for (const row of rowsOf(value)) readRow(row, tables);
    tables.finish();
  },
};

function rowsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function hasRows(value: unknown): boolean {
  return rowsOf(value).length > 0;
}

function isRow(row: unknown): boolean {
  return TELLING.some(name => at(row, name) !== undefined);
}

function readRow(row: unknown, tables: BatctlTables): void {
  if (!isFields(row)) {
    tables.leaveOut();
    return;
  }
  const mac = (name: string) => canonicalMac(text(at(row, name)) ?? '');
  const [originator, neighbour, client, self] = ['orig_address', 'neigh_address', 'tt_address', 'hard_address'].map(
    mac,
  );
  const best = truth(at(row, 'best')) ?? false;
  if (client !== undefined) tables.client(client, originator, truth(at(row, 'tt_flags', 'nopurge')) ?? false);
  else if (at(row, 'dat_cache_ip4address') !== undefined)
    tables.arp(mac('dat_cache_hwaddress'), text(at(row, 'dat_cache_ip4address')));
  else if (originator !== undefined && at(row, 'router') !== undefined) tables.gateway(originator, mac('router'), best);
  else if (originator !== undefined && neighbour !== undefined) {
    tables.originator({ originator, neighbour, best, tq: number(at(row, 'tq')), device: text(at(row, 'hard_ifname')) });
  } else if (neighbour !== undefined) tables.neighbour(neighbour, text(at(row, 'hard_ifname')));
  else if (at(row, 'mesh_address') !== undefined && self !== undefined) tables.self(self, mac('mesh_address'));
  else tables.leaveOut();
}
