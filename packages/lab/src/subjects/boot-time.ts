import { readCaptureFile } from '../truth/capture-file.js';

/** Clocks of exporters are in whole seconds in NetFlow v9. */
const resolution = 1000;

/**
 * When sysUpTime was 0, by the headers of NetFlow v5 and v9 datagrams to `port`: milliseconds since the Unix epoch, by the second of export,
 * because some exporters begin to count anew as they go. v9 tells the time of export in whole seconds, cut off: of what differs by no more
 * than that the latest is the nearest.
 */
export function netflowBootTimes(capture: string, port: number): Map<number, number> {
  const told = new Map<number, number>();
  readCaptureFile(capture, (data, at, length) => {
    const header = payloadTo(port, data, at, length);
    if (header === undefined) return;
    const version = data.readUInt16BE(header);
    if (version !== 5 && version !== 9) return;
    const second = data.readUInt32BE(header + 8);
    const fraction = version === 5 ? data.readUInt32BE(header + 12) / 1e6 : 0;
    const boot = second * 1000 + fraction - data.readUInt32BE(header + 4);
    told.set(second, Math.max(boot, told.get(second) ?? boot));
  });
  const all = [...told.values()];
  const latest = (boot: number): number => Math.max(...all.filter(each => each >= boot && each < boot + resolution));
  return new Map([...told].map(([second, boot]) => [second, latest(boot)]));
}

/** Where the payload of a UDP datagram over IPv4 to the port begins, if 20 octets of it are there. */
function payloadTo(port: number, data: Buffer, at: number, length: number): number | undefined {
  const ip = at + 14;
  if (length < 62 || data.readUInt16BE(at + 12) !== 0x0800 || data[ip + 9] !== 17) return undefined;
  const udp = ip + (data[ip]! & 15) * 4;
  const payload = udp + 8;
  return payload + 20 <= at + length && data.readUInt16BE(udp + 2) === port ? payload : undefined;
}
