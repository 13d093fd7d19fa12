import type { MeshBuilder } from './builder.js';
import type { Format } from './format.js';
import { OlsrTables } from './olsr-tables.js';
import { linesOf } from './values.js';

const CALL = /^(Mid|Node|Self|P?Link)\((.*)\);?$/;
/** In quotes, with an escape before some characters; or a number. */
const ARGUMENT = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,'"]*))\s*(?:,|$)/y;
const MOST_ARGUMENTS = 16;

/** latlon.js of olsrd's name service plugin, which freimap and OLSR's own maps read: a call of JavaScript a line. */
export const latlon: Format = {
  name: 'latlon.js',
  is: ({ text, values }) => values.length === 0 && /^\s*(?:Mid|Node|Self|P?Link)\(['"]/m.test(text.slice(0, 4096)),
  read: ({ text }, mesh) => {
    const tables = new OlsrTables(mesh);
    for (const line of linesOf(text)) {
      if (line === '' || line.startsWith('//')) continue;
      const call = CALL.exec(line);
      if (call === null) mesh.leaveOut('line that is no call');
      else readCall(call[1]!, argumentsOf(call[2]!), tables, mesh);
    }
  },
};

function argumentsOf(text: string): string[] {
  const found: string[] = [];
  ARGUMENT.lastIndex = 0;
  while (ARGUMENT.lastIndex < text.length && found.length < MOST_ARGUMENTS) {
    const match = ARGUMENT.exec(text);
    if (match === null) break;
    found.push((match[1] ?? match[2] ?? match[3]?.trim() ?? '').replaceAll(/\\(.)/g, '$1'));
  }
  return found;
}

function readCall(name: string, given: readonly string[], tables: OlsrTables, mesh: MeshBuilder): void {
  const [first, second, lq, nlq, cost] = given;
  if (name === 'Mid') tables.mid(first, second);
  // The second one tells what it hears of the first. Of nodes that only links tell of the position is not known.
  else if (name.endsWith('Link')) tables.topology(second, first, { lq, nlq, cost });
  else readNode(given, mesh);
}

/** Address, position, whether it is a gateway, the gateway that it uses, name. */
function readNode([id, latitude, longitude, isGateway, gateway, name]: readonly string[], mesh: MeshBuilder): void {
  const node = mesh.declare(id);
  if (node === undefined) return;
  mesh.address(node, id);
  mesh.position(node, latitude, longitude);
  node.gateway = isGateway === '1';
  if (gateway !== undefined && gateway !== '0.0.0.0' && gateway !== '::') node.leavesBy = gateway;
  if (name) node.name = name;
}
