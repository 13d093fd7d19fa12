import { tshark } from './tshark.js';

/** A field as tshark shows it, and where in the Message it stands. */
export interface PdmlField {
  readonly name: string;
  /** What tshark makes of the octets. */
  readonly show: string;
  /** The octets in hex. */
  readonly value: string;
  /** Offset in the Message. */
  readonly at: number;
  readonly size: number;
  readonly children: PdmlField[];
}

/** Ethernet, IPv4 and UDP headers of text2pcap. */
const HEADERS = 42;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function attributesOf(tag: string): Map<string, string> {
  const pairs = [...tag.matchAll(/(\w+)="([^"]*)"/g)];
  return new Map(pairs.map(([, key, text]) => [key!, text!.replace(/&(\w+);/g, (all, name) => ENTITIES[name] ?? all)]));
}

function fieldOf(tag: string): PdmlField {
  const attributes = attributesOf(tag);
  const text = (key: string) => attributes.get(key) ?? '';
  return {
    name: text('name'),
    show: text('show'),
    value: text('value'),
    at: Number(text('pos')) - HEADERS,
    size: Number(text('size')),
    children: [],
  };
}

/** What tshark reads in each Message: the field of the protocol "cflow", the fields of the Message below it. */
export function dissect(messages: readonly Uint8Array[]): PdmlField[] {
  const found: PdmlField[] = [];
  const open: PdmlField[] = [];
  for (const line of tshark(messages, '-T', 'pdml')) {
    if (/^\s*<(proto|field)\b/.test(line)) {
      const field = fieldOf(line);
      open.at(-1)?.children.push(field);
      if (line.includes('<proto') && field.name === 'cflow') found.push(field);
      if (!line.trimEnd().endsWith('/>')) open.push(field);
    } else if (/^\s*<\/(proto|field)>/.test(line)) open.pop();
  }
  return found;
}

/** The records of a Message: "Flow 1" in Data Sets, "pdu 1/30" in NetFlow v5. */
export function recordsIn(message: PdmlField): PdmlField[] {
  return message.children.flatMap(child =>
    /^pdu \d/.test(child.show) ? [child] : child.children.filter(each => /^Flow \d+$/.test(each.show)),
  );
}

/** A field and all below it that have octets, outer ones first. */
export function flatten(field: PdmlField): PdmlField[] {
  return field.children.flatMap(child => [...(child.size > 0 ? [child] : []), ...flatten(child)]);
}
