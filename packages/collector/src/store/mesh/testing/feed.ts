import type { Mesh, MeshLink, MeshNode } from '../../../mesh/mesh.js';
import { linkOf, meshWith, nodeOf, type Random } from './meshes.js';

interface Quality {
  readonly usual: number;
  now: number;
}

/**
 * A mesh as those of communities are, and how it goes on from minute to minute: 1,000 nodes, 2,000 links. Three of five links of which a
 * direction changes in a minute, by a few steps of 1/255 around what it usually has; every tenth node gets or loses a client; now and then
 * a node goes or comes.
 */
export class Feed {
  readonly #random: Random;
  #nodes: MeshNode[];
  readonly #links: MeshLink[];
  readonly #qualities: (readonly [Quality, Quality])[];

  constructor(random: Random, nodes = 1000, links = 2000) {
    this.#random = random;
    const hex = (n: number) => (n * 7_919 + 0x028f53deb000).toString(16).padStart(12, '0');
    this.#nodes = Array.from({ length: nodes }, (_, i) => nodeOf(hex(i), this.#detailsOf(i)));
    this.#links = Array.from({ length: links }, (_, i) => {
      const ends = [hex(i % nodes), hex((i % nodes) + 1 + random(20) - (i % nodes > nodes - 30 ? 40 : 0))].sort();
      const addresses = {
        sourceAddress: `02:17:84:7f:${10 + (i % 90)}:01`,
        targetAddress: `02:d7:f5:80:${10 + (i % 90)}:${10 + random(90)}`,
      };
      const link = linkOf(ends[0]!, ends[1]!, addresses);
      return { ...link, id: `${link.id}~${i}` };
    });
    const quality = () => {
      const usual = 255 - random(random(3) === 0 ? 200 : 20);
      return { usual, now: usual };
    };
    this.#qualities = this.#links.map(() => [quality(), quality()]);
  }

  #detailsOf(i: number): Partial<MeshNode> {
    const random = this.#random;
    return {
      ...{ name: `community-node-${i}`, gateway: i < 4, clients: random(8), nextHop: `02${(i * 31) % 1000}` },
      addresses: [
        `fd00:db8::${random(65_536).toString(16)}:${i.toString(16)}`,
        `fe80::${random(65_536).toString(16)}:${i}`,
      ],
      macs: [`02:8f:53:de:${10 + random(90)}:${10 + random(90)}`],
      position: { latitude: 53 + random(100_000) / 1e5, longitude: 8 + random(100_000) / 1e5 },
      details: {
        model: `Router ${random(40)}`,
        firmware: `2019.1.${random(5)}`,
        site: 'north',
        booted: `2020-0${1 + random(9)}-01`,
      },
    };
  }

  /** The next minute. */
  next(): Mesh {
    const random = this.#random;
    for (const [forward, back] of this.#qualities) {
      if (random(100) < 37) this.#move(forward);
      if (random(100) < 37) this.#move(back);
    }
    const links = this.#links.map((link, i) => {
      const [forward, back] = this.#qualities[i]!;
      return { ...link, quality: forward.now / 255, reverseQuality: back.now / 255 };
    });
    this.#nodes = this.#nodes.map(node => {
      if (random(30_000) === 0) return { ...node, online: !node.online };
      const clients = Math.max(0, node.clients! + random(3) - 1);
      return random(10) === 0 && clients !== node.clients ? { ...node, clients } : node;
    });
    return meshWith(this.#nodes, links);
  }

  /** By a few steps, rather back to what is usual. */
  #move(quality: Quality): void {
    const step = 1 + this.#random(2) * this.#random(2);
    const up = this.#random(100) < (quality.now < quality.usual ? 65 : 35);
    quality.now = Math.min(255, Math.max(1, quality.now + (up ? step : -step)));
  }
}
