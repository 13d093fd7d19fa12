import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { type CapturedFlow, type CapturedTraffic, PacketCapture } from './capture.js';
import { keyText, reversed } from './flow.js';

/** Captures on several links of a node, each packet told once. */
export class PacketCaptures {
  private constructor(private readonly captures: readonly PacketCapture[]) {}

  static async start(lab: Lab, namespace: Namespace, links: readonly string[]): Promise<PacketCaptures> {
    return new PacketCaptures(await Promise.all(links.map(link => PacketCapture.start(lab, namespace, link))));
  }

  /** Ends them. A flow that came in by one link and left by another is told by the first. */
  async finish(): Promise<CapturedTraffic> {
    const [first, ...others] = await Promise.all(this.captures.map(each => each.finish()));
    const seen = new Map(first!.flows.map(flow => [keyText(flow), flow]));
    for (const flow of others.flatMap(({ flows }) => flows)) {
      if (!seen.has(keyText(flow)) && !seen.has(keyText(reversed(flow)))) seen.set(keyText(flow), flow);
    }
    return { ...first!, flows: [...seen.values()] as CapturedFlow[], dropped: sum([first!, ...others]) };
  }
}

const sum = (all: readonly CapturedTraffic[]): number => all.reduce((dropped, each) => dropped + each.dropped, 0);
