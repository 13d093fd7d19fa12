import { join } from 'node:path';
import type { Package } from '../package.js';
import { openwrt, probePackages } from '../packages.js';

/** A program in the place of the probe's, which is built for routers by itself. */
export const standInProgram = join(openwrt, 'weir-probe/testing/weir-probe.sh');

export function packageOfStandIn(): Package {
  return probePackages('x86_64', standInProgram)[0];
}
