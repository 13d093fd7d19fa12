import type { Collector } from './collector.js';
import { nfacctd } from './nfacctd.js';
import { nfcapd } from './nfcapd.js';
import { weirCollect } from './weir-collect.js';

/** Every collector under test by its name. */
export const collectors: ReadonlyMap<string, Collector> = new Map(
  [weirCollect, nfcapd, nfacctd].map(each => [each.name, each]),
);
