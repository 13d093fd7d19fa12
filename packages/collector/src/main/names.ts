import type { NamesOf } from '@weir/flow';
import type { AddressTable } from '../collecting/enrich/table.js';
import type { CollectorSettings } from '../config/config.js';
import type { Known } from './collecting.js';

/** What filters may ask for by name: of the configuration, the databases and the files of hosts as they are now. */
export function namesOf({ enrich, tags }: CollectorSettings, { table, hosts }: Known): NamesOf {
  const countries = distinct(table, table.country);
  const networks = [...new Set(enrich.networks.map(({ name }) => name))];
  const tagNames = tags.map(({ name }) => name);
  return column => {
    if (/Country$/.test(column)) return countries;
    if (/Network$/.test(column)) return networks;
    if (/Name$/.test(column)) return hosts.table.names.slice(1);
    return column === 'tags' ? tagNames : [];
  };
}

function distinct({ names }: AddressTable, used: Uint16Array): readonly string[] {
  return [...new Set(used)].flatMap(index => (index === 0 ? [] : [names[index]!])).sort();
}
