import type { MessageHeader } from '../message/format.js';

/**
 * What flowStartSysUpTime or flowEndSysUpTime (milliseconds since the exporter's start, modulo 2^32) of a Message's record is in
 * milliseconds since the Unix epoch. NetFlow tells in its header; for IPFIX `bootTime` is systemInitTimeMilliseconds, of the
 * record or of the exporter's options. Undefined where neither is known. An exporter's count begins anew every 49.7 days, also
 * between a flow and its Message: of the possible times the one nearest to the export is taken.
 */
export function timeOfSysUpTime(sysUpTime: number, header: MessageHeader, bootTime?: number): number | undefined {
  const clock = header.sysUpTime;
  if (clock !== undefined) return clock.at + ((sysUpTime - clock.milliseconds) | 0);
  if (bootTime === undefined) return undefined;
  const time = bootTime + sysUpTime;
  return time + Math.round((header.exportTime * 1000 - time) / 2 ** 32) * 2 ** 32;
}
