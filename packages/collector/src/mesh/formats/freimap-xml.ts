import { canonicalAddress } from '../address.js';
import type { MeshBuilder } from './builder.js';
import type { Format } from './format.js';
import { quality, text } from './values.js';

/** Tags that count, with their attributes; all else is passed over. */
const TAG = /<(node|neighbor|olsrneighbor)\b((?:[^<>"']|"[^"]*"|'[^']*')*)>|<\/node\s*>/g;
const ATTRIBUTE = /(?<![\w:-])([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

type Attributes = ReadonlyMap<string, string>;

/** The XML of the freifunk map (ffmap), which freimap takes positions of nodes from: coords, ip, tooltip, and what each node hears of its neighbours. */
export const freimapXml: Format = {
  name: 'freimap XML',
  is: ({ text, values }) =>
    values.length === 0 && /^\s*<(?:\?xml|!--|ffmap)/.test(text) && /<ffmap\b/.test(text.slice(0, 4096)),
  read: ({ text }, mesh) => {
    const byCoords = new Map<string, string>();
    const links: { from: string; coords: string; lq: string | undefined }[] = [];
    let node: string | undefined;
    for (const [tag, name, attributes] of withoutComments(text).matchAll(TAG)) {
      const told = attributesOf(attributes ?? '');
      if (name === 'node') {
        node = readNode(told, byCoords, mesh);
        if (tag.endsWith('/>')) node = undefined;
      } else if (name === undefined) node = undefined;
      else if (node !== undefined) links.push({ from: node, coords: coordsOf(told)?.key ?? '', lq: told.get('lq') });
    }
    // Neighbours are named by where they are, so all nodes have to be known first. LQ is what the node hears of the neighbour.
    for (const { from, coords, lq } of links)
      mesh.link({ from, to: byCoords.get(coords), kind: 'other', reverseQuality: quality(lq) });
  },
};

function withoutComments(text: string): string {
  const [before, ...parts] = text.split('<!--');
  return before! + parts.map(part => (part.includes('-->') ? part.slice(part.indexOf('-->') + 3) : '')).join('');
}

function attributesOf(tag: string): Attributes {
  const found = new Map<string, string>();
  for (const [, name, double, single] of tag.matchAll(ATTRIBUTE)) found.set(name!, unescaped(double ?? single ?? ''));
  return found;
}

function unescaped(value: string): string {
  return value.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hex, name) => {
    const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : undefined;
    if (code !== undefined) return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
    return Object.hasOwn(ENTITIES, name) ? ENTITIES[name]! : whole;
  });
}

/** The id of the node: its first address, its name, or where it is. */
function readNode(told: Attributes, byCoords: Map<string, string>, mesh: MeshBuilder): string | undefined {
  // freimap passes over these, too: where a node was once.
  if (told.get('class') === 'old') return undefined;
  const coords = coordsOf(told);
  const addresses = (told.get('ip') ?? '')
    .split(',')
    .map(each => each.trim())
    .filter(Boolean);
  const name = text(told.get('tooltip'));
  const node = mesh.declare(addresses[0] ?? name ?? coords?.key);
  if (node === undefined) return undefined;
  node.name = name;
  for (const address of addresses) {
    mesh.address(node, address);
    if (canonicalAddress(address) !== undefined) mesh.alias(address, node.id);
  }
  mesh.position(node, coords?.latitude, coords?.longitude);
  node.detail('height', told.get('height'));
  if (coords !== undefined && !byCoords.has(coords.key)) byCoords.set(coords.key, node.id);
  return node.id;
}

function coordsOf(told: Attributes): { latitude: string; longitude: string; key: string } | undefined {
  const [latitude, longitude] = (told.get('coords') ?? '').split(',').map(each => each.trim());
  return latitude && longitude ? { latitude, longitude, key: `${latitude},${longitude}` } : undefined;
}
