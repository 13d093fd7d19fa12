/** As the engine reads it: eight groups, nothing left out. */
export function engineAddress(address: bigint): string {
  return (address.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':');
}

/** The engine's text of an IPv6 value as people write it: ::ffff:10.0.0.1 is 10.0.0.1. */
export function plainAddress(engineText: string): string {
  return /^::ffff:\d+\./i.test(engineText) ? engineText.slice(7) : engineText;
}
