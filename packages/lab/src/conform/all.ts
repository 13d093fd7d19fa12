import type { Result } from './case.js';
import { conformCollectorPeer } from './collecting/conform-collector.js';
import { conformExporterPeer } from './exporting/conform-exporter.js';
import type { Published } from './markdown.js';
import { collectorPeers, versionOf } from './peers/collectors.js';
import { exporterPeers } from './peers/exporters.js';

/** Every collector and exporter that is installed here, over every transport that it has. Needs root. */
export async function conformAll(seconds: number, progress: (what: string) => void): Promise<Published> {
  const versions = new Map<string, string>();
  const isInstalled = ({ name, versionCommand }: { name: string; versionCommand: readonly string[] }): boolean => {
    try {
      versions.set(name, versionOf(name, versionCommand));
      return true;
    } catch (problem) {
      progress((problem as Error).message);
      return false;
    }
  };
  const collectors: Result[] = [];
  for (const peer of collectorPeers.filter(isInstalled)) {
    for (const transport of peer.transports) {
      progress(`collector ${peer.name} over ${transport}`);
      collectors.push(...(await conformCollectorPeer(peer, transport)));
    }
  }
  const exporters: Result[] = [];
  for (const peer of exporterPeers.filter(isInstalled)) {
    for (const transport of peer.transports) {
      progress(`exporter ${peer.name} over ${transport}`);
      exporters.push(...(await conformExporterPeer(peer, transport, seconds)));
    }
  }
  return { collectors, exporters, versions };
}
