import type { Format } from './format.js';
import { OlsrTables } from './olsr-tables.js';
import { linesOf } from './values.js';

const TABLE = /^Table: (.*)$/;

type Row = (cells: readonly string[], tables: OlsrTables) => void;

/** How the rows of each table are read; the others tell nothing of the mesh. */
const ROWS: Readonly<Record<string, Row>> = {
  Topology: ([to, from, lq, nlq, cost], tables) => tables.topology(from, to, { lq, nlq, cost }),
  Links: ([local, remote, , lq, nlq, cost], tables) => tables.link(local, remote, { lq, nlq, cost }),
  HNA: ([network, gateway], tables) => tables.hna(network, gateway),
  MID: ([main, ...aliases], tables) => {
    // Aliases were separated by semicolons once, and may have their validity time behind them.
    for (const alias of aliases.flatMap(cell => cell.split(';')).filter(Boolean)) tables.mid(main, withoutTime(alias));
  },
  Routes: ([network, gateway], tables) => tables.route(network, gateway),
  Interfaces: ([, state, , , address], tables) => {
    if (state === 'UP') tables.own(address);
  },
  Gateways: (cells, tables) => {
    const [status, gateway] = cells.length > 1 ? cells : (cells[0] ?? '').split(/\s+/);
    tables.gateway(gateway, status?.startsWith('s') ?? false);
  },
};

/** The tables that olsrd's txtinfo plugin prints, all or some. */
export const olsrdText: Format = {
  name: 'olsrd txtinfo',
  is: ({ text, values }) =>
    values.length === 0 && /^Table: (?:Topology|Links|HNA|MID|Routes|Neighbors|Interfaces|Gateways)\s*$/m.test(text),
  read: ({ text }, mesh) => {
    const tables = new OlsrTables(mesh);
    let row: Row | undefined;
    let isHeading = false;
    for (const line of linesOf(text)) {
      const table = TABLE.exec(line);
      if (table !== null) {
        row = Object.hasOwn(ROWS, table[1]!) ? ROWS[table[1]!] : undefined;
        isHeading = true;
      } else if (isHeading) isHeading = false;
      else if (line === '') row = undefined;
      else
        row?.(
          line.split('\t').map(cell => cell.trim()),
          tables,
        );
    }
    tables.finish();
  },
};

/** 10.0.0.1:123.456, where an IPv6 address has colons of its own. */
function withoutTime(alias: string): string {
  return alias.replace(/:\d+\.\d{3}$/, '');
}
