import { BPF_MAP_TYPE_HASH, LIBRARY, libbpf, mapOptions } from '../libbpf.js';
import * as libc from '../libc.js';

/** Why no maps can be made here, undefined where they can. */
export function noMaps(): string | undefined {
  if (process.platform !== 'linux') return 'maps are made by Linux';
  if (!libc.isLoadable(LIBRARY)) return `${LIBRARY} is not installed`;
  const map = mapOf(4, 4);
  if (map < 0) return `this process may not make maps (${libc.errorCode()})`;
  libc.close(map);
  return undefined;
}

/** A map with room for 64 entries. @returns its descriptor, or a negative number and errno */
export function mapOf(keyOctets: number, valueOctets: number): number {
  return libbpf().mapCreate(BPF_MAP_TYPE_HASH, 'test', keyOctets, valueOctets, 64, mapOptions(0));
}
