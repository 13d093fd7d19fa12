import { visClient, visInterface, visLink, visNode } from './batadv-vis.js';
import type { MeshBuilder } from './builder.js';
import type { Document, Format } from './format.js';
import { OlsrTables } from './olsr-tables.js';
import { linesOf } from './values.js';

const START = /^\s*(?:\/\/.*\n\s*)*digraph\b/;
/** An edge with its label. */
const EDGE = /^\s*"([^"]+)"\s*->\s*"([^"]+)"\s*\[label="([^"]*)"/;
const CLUSTER = /^\s*subgraph "cluster_([^"]+)"/;
const INTERFACE = /^\s*"([0-9a-f:]{17})"/i;

/** Graphviz as batadv-vis writes it: a cluster for each node, of the MAC addresses of its interfaces. */
export const batadvDot: Format = {
  name: 'batadv-vis dot',
  is: document => isDot(document) && CLUSTER.test(firstLine(document.text, 1)),
  read: ({ text }, mesh) => {
    let cluster: string | undefined;
    for (const line of linesOf(text)) {
      cluster = CLUSTER.exec(line)?.[1] ?? (line.includes('}') ? undefined : cluster);
      const [, from, to, label] = EDGE.exec(line) ?? [];
      const [, mac] = INTERFACE.exec(line) ?? [];
      if (from !== undefined) label === 'TT' ? visClient(mesh, from, to) : visLink(mesh, from, to, label);
      else if (mac !== undefined && cluster === mac) visNode(mesh, mac);
      else if (mac !== undefined && cluster !== undefined) visInterface(mesh, mac, cluster);
    }
  },
};

/**
 * Graphviz as olsrd's dot_draw plugin sends it, to freimap among others: labels are ETX, or HNA for networks. It sends the graph anew with
 * each change, so the last whole one counts.
 */
export const olsrdDot: Format = {
  name: 'olsrd dot',
  is: isDot,
  read: ({ text }, mesh) => {
    const graphs = text.split(/^[ \t]*digraph\b/m).slice(1);
    const whole = graphs.filter(graph => /^[ \t]*\}/m.test(graph));
    const tables = new OlsrTables(mesh);
    for (const line of linesOf(whole.at(-1) ?? graphs.at(-1) ?? '')) readEdge(line, tables, mesh);
  },
};

function isDot({ text, values }: Document): boolean {
  return values.length === 0 && START.test(text.slice(0, 4096));
}

function firstLine(text: string, after: number): string {
  return text.split('\n', after + 1)[after] ?? '';
}

function readEdge(line: string, tables: OlsrTables, mesh: MeshBuilder): void {
  const [, from, to, label] = EDGE.exec(line) ?? [];
  if (from === undefined) {
    if (line.includes('->')) mesh.leaveOut('edge that is none');
  } else if (label === 'HNA') tables.hna(to, from);
  else tables.topology(from, to, { cost: label });
}
