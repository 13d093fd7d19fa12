import { canonicalAddress } from '../address.js';
import type { MeshBuilder } from './builder.js';
import { at, either, list, text } from './values.js';

/** DeviceConfiguration and DeviceMonitoring tell of one node: its name, addresses and model. Beside a graph they name its nodes. */
export function readDevice(value: unknown, mesh: MeshBuilder): void {
  const hostname = text(at(value, 'general', 'hostname'));
  const node = mesh.node(text(at(value, 'id')) ?? hostname);
  if (node === undefined) return;
  node.name ??= hostname;
  node.detail('model', at(value, 'hardware', 'model'));
  node.detail('firmware', at(value, 'operating_system', 'description') ?? at(value, 'operating_system', 'version'));
  node.detail('owner', at(value, 'general', 'maintainer'));
  for (const one of list(at(value, 'interfaces'))) {
    const mac = text(at(one, 'mac'));
    if (mac !== undefined) {
      mesh.mac(node, mac);
      mesh.alias(mac, node.id);
    }
    for (const each of list(at(one, 'addresses'))) {
      const address = canonicalAddress(text(either(each, 'address')) ?? '');
      if (address === undefined || isOfOneself(address)) continue;
      node.addresses.add(address);
      mesh.alias(address, node.id);
    }
  }
}

/** Every device has these. */
function isOfOneself(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}
