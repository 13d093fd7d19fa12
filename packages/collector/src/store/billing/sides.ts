import { resolveName } from '@weir/flow';
import type { Definition, Inside } from '../../analysis/billing/account.js';
import type { Parameters } from '../../flow/filter-sql.js';
import { towardsSql } from '../queries/local.js';
import { filterOf } from '../queries/selection.js';
import { countedSql } from '../queries/views.js';

/** What a record is to an account. From the source's end octets go out and those of the reverse direction come in; at the destination's it is the other way round. */
export const NONE = 0;
export const SOURCE = 1;
export const DESTINATION = 2;
export const WITHIN = SOURCE + DESTINATION;

/**
 * SQL: which of a record's ends are inside the account; NONE where the record is not the account's.
 * @throws FilterError
 */
export function sideSql({ inside, filter }: Definition, parameters: Parameters): string {
  const counted = countedSql({ filter }, ofOneExporter(inside), parameters);
  const [source, destination] = [endSql('source', inside, parameters), endSql('destination', inside, parameters)];
  const ends =
    inside.kind === 'local'
      ? `if(${towardsSql(inside.values, parameters)}, ${DESTINATION}, ${SOURCE})`
      : `if(${source}, ${SOURCE}, 0) + if(${destination}, ${DESTINATION}, 0)`;
  return `toUInt8(if(${counted}, ${ends}, ${NONE}))`;
}

/**
 * What the filter language calls the two ends. An address counts as it was sent and as translation made it. What comes in by an interface is "in", as
 * in the interface's own counters: so what is inside is behind the interface that octets come in by.
 */
const words = {
  networks: { source: ['src =', 'natsrc ='], destination: ['dst =', 'natdst ='] },
  macs: { source: ['srcmac ='], destination: ['dstmac ='] },
  interfaces: { source: ['out if'], destination: ['in if'] },
  local: { source: [], destination: [] },
} as const;

/** SQL: whether an end is inside. */
function endSql(end: 'source' | 'destination', { kind, values }: Inside, parameters: Parameters): string {
  const conditions = values.flatMap(value => {
    const text = kind === 'interfaces' ? nameText(value) : value;
    return words[kind][end].map(word => filterOf({ filter: `${word} ${text}` }, parameters));
  });
  return conditions.length === 0 ? 'false' : `(${conditions.join(' OR ')})`;
}

function nameText(name: string): string {
  return /^\d+$/.test(name) ? name : `"${name}"`;
}

/** What only one exporter tells: then all that it tells counts, as in every other sum. */
function ofOneExporter({ kind }: Inside) {
  const name = { macs: 'srcmac', interfaces: 'inif', networks: undefined, local: undefined }[kind];
  return name === undefined ? [] : [resolveName(name)!];
}
