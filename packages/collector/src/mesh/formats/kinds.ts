import type { LinkKind } from '../mesh.js';

const KINDS: readonly [RegExp, LinkKind][] = [
  [/^(?:wifi|wireless|wlan|radio|adhoc|mesh[0-9]|ibss|11s)/, 'wireless'],
  [/^(?:vpn|tunnel|tun|tap|fastd|l2tp|wg|wireguard|vxlan|gre|ipip)/, 'tunnel'],
  [/^(?:lan|eth|wired|cable|lldp|fib(?:re|er)|br-)/, 'wired'],
];

/** What a link is by a word of its format, or by the name of an interface at its end. */
export function linkKind(word: unknown): LinkKind {
  if (typeof word !== 'string') return 'other';
  const small = word.toLowerCase();
  return KINDS.find(([pattern]) => pattern.test(small))?.[1] ?? 'other';
}
