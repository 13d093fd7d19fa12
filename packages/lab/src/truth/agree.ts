import { counted } from '../words.js';
import type { CapturedFlow, CapturedTraffic } from './captured-flows.js';
import { keyText, type SentFlow, type TrueFlow } from './flow.js';
import { byKey } from './grouped.js';
import type { KernelTraffic, KernelTrueFlow } from './kernel.js';

/** The sources of truth for one scenario; `sent` by the keys of {@link translated}. */
export interface Sources {
  kernel: KernelTraffic;
  /** Absent where nobody captured: it takes throughput away. */
  capture?: CapturedTraffic;
  sent: readonly SentFlow[];
  /** Links lose or split packets between the places where senders, kernel and capture count: their counters need not agree. */
  impaired?: boolean;
}

/** Of each kind of contradiction so many are told one by one. */
const toldOfEach = 3;
const counters = ['packets', 'octets', 'reversePackets', 'reverseOctets'] as const;
type Counter = (typeof counters)[number];
const words: Record<Counter, string> = {
  packets: 'packets',
  octets: 'octets',
  reversePackets: 'packets back',
  reverseOctets: 'octets back',
};

/**
 * Where the sources contradict each other, one line each, with figures. What hosts say of their own accord is in none of them
 * (background.ts).
 */
export function contradictions({ kernel, capture, sent, impaired = false }: Sources): string[] {
  const found = [...kernel.problems];
  const kernelSums = sumsOf(kernel.flows);
  const captureSums = capture?.dropped === 0 ? sumsOf(asKernelKeys(capture.flows, kernel)) : undefined;
  const sentSums = sumsOf(sent);
  if (captureSums !== undefined) found.push(...flowsDiffer('the kernel', kernelSums, 'the capture', captureSums));
  found.push(...flowsDiffer('the kernel', kernelSums, 'the senders', sentSums));
  if (impaired) return found;
  if (captureSums !== undefined) found.push(...countersDiffer(kernelSums, captureSums, 'the capture'));
  found.push(...countersDiffer(kernelSums, sentSums, 'the senders'));
  found.push(...boundsBroken(kernelSums, sent));
  found.push(...totalsDiffer(kernel));
  return found;
}

/**
 * The flows that a subject is held against. One that meters connections: as the kernel has them, with the capture's times. One that meters
 * packets: as the capture of the first link has them, packet by packet. Without a complete capture, the kernel's flows without times.
 */
export function truthFor(meters: 'connections' | 'packets', { kernel, capture }: Sources): TrueFlow[] {
  if (capture === undefined || capture.dropped > 0) return kernel.flows.map(plain);
  if (meters === 'packets') {
    const onFirst = capture.flows.filter(({ link }) => link === 0);
    return onFirst.map(({ onWire, link: _, ...flow }) => ({ ...flow, ...onWire }));
  }
  const seen = byKey(asKernelKeys(capture.flows, kernel));
  return [...byKey(kernel.flows)].flatMap(([key, flows]) => withTimes(flows, seen.get(key) ?? []));
}

/** Without what only the kernel knows. Member by member: of 300,000 flows the copy of a rest takes seconds. */
function plain(flow: KernelTrueFlow): TrueFlow {
  const { protocol, source, sourcePort, destination, destinationPort } = flow;
  const copy: TrueFlow = { protocol, source, sourcePort, destination, destinationPort };
  for (const counter of counters) if (flow[counter] !== undefined) copy[counter] = flow[counter];
  return copy;
}

/** Where the capture cannot tell flows with one key apart, none gets times: of UDP and ICMP only the kernel's timeouts know where one ends. */
function withTimes(flows: readonly KernelTrueFlow[], seen: readonly CapturedFlow[]): TrueFlow[] {
  if (seen.length !== flows.length) return flows.map(plain);
  return flows.map((flow, i) => Object.assign(plain(flow), { first: seen[i]!.first, last: seen[i]!.last }));
}

/** Flows with one key: how many, and their sums. A counter that one of them has not is absent. */
type Sum = { protocol: number; flows: number } & Record<Counter, number | undefined>;

function sumsOf(flows: readonly TrueFlow[]): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const flow of flows) {
    const { protocol, packets, octets, reversePackets, reverseOctets } = flow;
    const key = keyText(flow);
    const sum = sums.get(key);
    if (sum === undefined) {
      sums.set(key, { protocol, flows: 1, packets, octets, reversePackets, reverseOctets });
      continue;
    }
    sum.flows++;
    for (const counter of counters) sum[counter] = added(sum[counter], flow[counter]);
  }
  return sums;
}

function added(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

/**
 * Captured flows by the kernel's own keys: the metered node may have translated them before they came to a captured link. What was captured
 * on both sides of the translation counts once.
 */
function asKernelKeys(flows: readonly CapturedFlow[], kernel: KernelTraffic): CapturedFlow[] {
  const own = new Set(kernel.flows.map(keyText));
  if (flows.every(flow => own.has(keyText(flow)))) return [...flows];
  const translated = new Map(kernel.flows.map(flow => [keyText(flow.translated), flow]));
  const captured = new Set(flows.map(keyText));
  return flows.flatMap(flow => {
    const found = own.has(keyText(flow)) ? undefined : translated.get(keyText(flow));
    if (found === undefined) return [flow];
    if (captured.has(keyText(found))) return [];
    const { source, sourcePort, destination, destinationPort } = found;
    return [{ ...flow, source, sourcePort, destination, destinationPort }];
  });
}

/**
 * Keys that one has and the other has not, and how often each has those of TCP. When packets with one key are the same UDP or ICMP flow as
 * before, only the kernel's timeouts know.
 */
function flowsDiffer(nameA: string, a: Map<string, Sum>, nameB: string, b: Map<string, Sum>): string[] {
  const only = (name: string, own: Map<string, Sum>, other: string, others: Map<string, Sum>): string[] =>
    some(
      [...own.keys()].filter(key => !others.has(key)),
      count => `${counted(count, 'flow')} of ${name} unknown to ${other}`,
      key => key,
    );
  const differing = [...a].filter(
    ([key, { protocol, flows }]) => protocol === 6 && flows !== (b.get(key)?.flows ?? flows),
  );
  return [
    ...only(nameA, a, nameB, b),
    ...only(nameB, b, nameA, a),
    ...some(
      differing,
      count => `${nameA} and ${nameB} disagree on how often ${counted(count, 'key')} of TCP came`,
      ([key, { flows }]) => `${key}: ${flows} and ${b.get(key)!.flows} times`,
    ),
  ];
}

/** Counters that the kernel and another source both have. */
function countersDiffer(kernel: Map<string, Sum>, others: Map<string, Sum>, name: string): string[] {
  const wrong: Record<Counter, string[]> = { packets: [], octets: [], reversePackets: [], reverseOctets: [] };
  for (const [key, sum] of kernel) {
    const other = others.get(key);
    if (other === undefined) continue;
    for (const counter of counters) {
      const [ours, theirs] = [sum[counter], other[counter]];
      if (ours === undefined || theirs === undefined || ours === theirs) continue;
      wrong[counter].push(`${key}: ${ours} and ${theirs}`);
    }
  }
  return counters.flatMap(counter =>
    some(
      wrong[counter],
      count => `the kernel and ${name} disagree on the ${words[counter]} of ${counted(count, 'flow')}`,
      line => line,
    ),
  );
}

/** What an application sent has to be there in octets at least. */
function boundsBroken(kernel: Map<string, Sum>, sent: readonly SentFlow[]): string[] {
  const bounded = sent.filter(flow => flow.payload !== undefined || flow.reversePayload !== undefined);
  const broken = [...byKey(bounded)].flatMap(([key, group]) => {
    const sum = (pick: (flow: SentFlow) => number | undefined): number =>
      group.reduce((total, flow) => total + (pick(flow) ?? 0), 0);
    const { octets, reverseOctets } = kernel.get(key) ?? {};
    return [
      { key, octets, least: sum(flow => flow.payload), way: 'sent' },
      { key, octets: reverseOctets, least: sum(flow => flow.reversePayload), way: 'got' },
    ].filter(each => each.octets !== undefined && each.octets < each.least);
  });
  return some(
    broken,
    count => `the kernel counted fewer octets than the application sent or got, ${counted(count, 'time')}`,
    ({ key, octets, least, way }) => `${key}: ${octets}, ${way} ${least}`,
  );
}

/** nftables' totals of each version and protocol are the sums of the flows. */
function totalsDiffer({ flows, totals }: KernelTraffic): string[] {
  const sums = new Map<string, { packets: number; octets: number }>();
  for (const flow of flows) {
    const key = `IPv${flow.source.includes(':') ? 6 : 4} protocol ${flow.protocol}`;
    let sum = sums.get(key);
    if (sum === undefined) sums.set(key, (sum = { packets: 0, octets: 0 }));
    sum.packets += (flow.packets ?? Number.NaN) + (flow.reversePackets ?? Number.NaN);
    sum.octets += (flow.octets ?? Number.NaN) + (flow.reverseOctets ?? Number.NaN);
  }
  const told = new Map(totals.map(({ family, protocol, ...total }) => [`IPv${family} protocol ${protocol}`, total]));
  return [...new Set([...sums.keys(), ...told.keys()])].sort().flatMap(key => {
    const [connections, rules] = [sums, told].map(each => each.get(key) ?? { packets: 0, octets: 0 });
    return (['packets', 'octets'] as const).flatMap(counter =>
      connections![counter] === rules![counter]
        ? []
        : [`${key}: connections sum up to ${connections![counter]} ${counter}, nftables counted ${rules![counter]}`],
    );
  });
}

/** One line about many, with the first few of them. */
function some<T>(all: readonly T[], line: (count: number) => string, text: (each: T) => string): string[] {
  if (all.length === 0) return [];
  const first = all.slice(0, toldOfEach).map(text).join('; ');
  return [`${line(all.length)}: ${first}${all.length > toldOfEach ? '; ...' : ''}`];
}
