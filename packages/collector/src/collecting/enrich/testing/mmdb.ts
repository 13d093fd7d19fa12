/** A MaxMind DB file for a test: https://maxmind.github.io/MaxMind-DB/ */
export type MmdbData = string | number | { readonly [key: string]: MmdbData };

interface Node {
  children: [Node | number | undefined, Node | number | undefined];
}

/**
 * The octets of a file with these networks.
 * @param networks bits of a prefix, as text, to its data.
 */
export function mmdbOf(
  networks: readonly (readonly [bits: string, data: MmdbData])[],
  ipVersion: 4 | 6 = 6,
  recordSize: 24 | 28 | 32 = 24,
): Buffer {
  const root: Node = { children: [undefined, undefined] };
  const data: Buffer[] = [];
  let offset = 0;
  for (const [bits, value] of networks) {
    put(root, bits, offset);
    data.push(encoded(value));
    offset += data.at(-1)!.length;
  }
  const nodes = allOf(root);
  const tree = nodes.map(({ children }) => {
    const records = children.map(child => {
      if (child === undefined) return nodes.length;
      return typeof child === 'number' ? nodes.length + 16 + child : nodes.indexOf(child);
    }) as [number, number];
    return nodeOctets(records, recordSize);
  });
  const metadata = encoded({
    ...{ binary_format_major_version: 2, binary_format_minor_version: 0, build_epoch: 0, database_type: 'test' },
    ...{ ip_version: ipVersion, node_count: nodes.length, record_size: recordSize },
  });
  const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
  return Buffer.concat([...tree, Buffer.alloc(16), ...data, marker, metadata]);
}

function put(root: Node, bits: string, data: number): void {
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    const side = Number(bit);
    const child = (node.children[side] ??= { children: [undefined, undefined] });
    node = child as Node;
  }
  node.children[Number(bits.at(-1))] = data;
}

function allOf(node: Node): Node[] {
  return [node, ...node.children.flatMap(child => (typeof child === 'object' ? allOf(child) : []))];
}

function nodeOctets([left, right]: [number, number], recordSize: 24 | 28 | 32): Buffer {
  const octets = Buffer.alloc(recordSize / 4);
  if (recordSize === 32) {
    octets.writeUInt32BE(left);
    octets.writeUInt32BE(right, 4);
    return octets;
  }
  octets.writeUIntBE(left & 0xff_ffff, 0, 3);
  octets.writeUIntBE(right & 0xff_ffff, recordSize === 24 ? 3 : 4, 3);
  if (recordSize === 28) octets[3] = ((left >>> 24) << 4) | (right >>> 24);
  return octets;
}

const MAP = 7;
const TEXT = 2;
const UNSIGNED_32 = 6;

/** Maps of less than 29 entries, texts of less than 285 octets. */
function encoded(value: MmdbData): Buffer {
  if (typeof value === 'number') {
    const octets = Buffer.alloc(5);
    octets[0] = (UNSIGNED_32 << 5) | 4;
    octets.writeUInt32BE(value, 1);
    return octets;
  }
  if (typeof value === 'string') {
    const { length } = value;
    const head = length < 29 ? [(TEXT << 5) | length] : [(TEXT << 5) | 29, length - 29];
    return Buffer.concat([Buffer.from(head), Buffer.from(value)]);
  }
  const entries = Object.entries(value);
  return Buffer.concat([Buffer.of((MAP << 5) | entries.length), ...entries.flat().map(encoded)]);
}
