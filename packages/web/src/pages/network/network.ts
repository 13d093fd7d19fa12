import type { Pair } from '../../sankey/layout.js';
import { conditionOf, type Dimension, labelOf, sidesOf, type Value } from '../../split/dimensions.js';
import type { View } from '../../state/view.js';
import type { Group } from '../../tops/tops.js';

/** Those that the page can tell apart; it begins with the first. */
export const CHOICES = [
  'host',
  'service',
  'network',
  'as',
  'country',
  'interface',
] as const satisfies readonly Dimension[];

/** What a group at one side is: its key in the picture, its name, and a filter for it. */
export interface Side {
  key: string;
  label: string;
  condition?: string;
  /** The address, where it is a host. */
  host?: string;
}

/** What one talks to another. */
export interface Talk {
  from: Side;
  to: Side;
  /** Octets there and back. */
  sent: number;
  received: number;
  flows: number;
}

function sideOf(field: string, group: Group, asNames: Readonly<Record<string, string>>): Side {
  const value: Value = group[field] ?? null;
  const name = group[`${field}Name`] ?? asNames[String(value)];
  const condition = conditionOf(field, value);
  return {
    key: JSON.stringify(value),
    label: labelOf(field, value, name === undefined || name === null ? undefined : String(name)),
    ...(condition !== undefined && { condition }),
    ...((field === 'src' || field === 'dst') && value !== null && { host: String(value) }),
  };
}

/** What talks to what, most traffic in both directions first. */
export function talksOf(by: Dimension, groups: readonly Group[], asNames: Readonly<Record<string, string>>): Talk[] {
  const { source, destination } = sidesOf(by);
  const talks = groups.map(group => ({
    from: sideOf(source, group, asNames),
    to: sideOf(destination, group, asNames),
    sent: Number(group.octets),
    received: Number(group.reverseOctets),
    flows: Number(group.flows),
  }));
  return talks.sort((a, b) => b.sent + b.received - a.sent - a.received);
}

/** The same for the picture. */
export function pairsOf(talks: readonly Talk[]): Pair[] {
  return talks.map(({ from, to, sent, received }) => ({ from: from.key, to: to.key, octets: sent + received }));
}

/** A filter for two groups and what goes between them. */
export function conditionFor({ from, to }: Talk): string | undefined {
  const parts = [from.condition, to.condition].filter(part => part !== undefined);
  return parts.length > 0 ? parts.join(' and ') : undefined;
}

/** What was typed: a network, a host where it has no length, all of the traffic where it is empty; else undefined. */
export function chosenBy(text: string): Partial<View> | undefined {
  if (text.trim() === '') return { net: '' };
  const parts = /^\s*([0-9A-Fa-f:.]{2,45})(?:\/(\d{1,3}))?\s*$/.exec(text);
  const [, address = '', bits] = parts ?? [];
  const sixth = address.includes(':');
  const octets = address.split('.').map(part => (part === '' ? Number.NaN : Number(part)));
  if (!sixth && (octets.length !== 4 || octets.some(octet => !(octet <= 255)))) return undefined;
  if (bits === undefined) return { page: 'host', host: address };
  return Number(bits) > (sixth ? 128 : 32) ? undefined : { net: `${address}/${bits}` };
}
