import type { MeshLoads } from './types.js';

/** Bits per second below which a rate is none: what a single user does now and then. */
const RATE = 10_000;
const OCTETS = 1_000_000;

/**
 * Loads as those see them who are not logged in: two digits, and nothing where there is next to nothing. Links that carry nothing then are left out.
 */
export function roundedLoads(loads: MeshLoads): MeshLoads {
  const links = loads.links.map(link => ({
    ...link,
    ...{ forward: link.forward.map(rate), reverse: link.reverse.map(rate) },
    how: link.how.map(({ how, share }) => ({ how, share: hundredth(share) })),
    classes: {
      ...{ tcp: hundredth(link.classes.tcp), udp: hundredth(link.classes.udp) },
      ...{ icmp: hundredth(link.classes.icmp), other: hundredth(link.classes.other) },
    },
  }));
  const nodes = loads.nodes.map(({ node, sent, received, out, in: into }) => ({
    node,
    ...{ sent: rate(sent), received: rate(received), out: rate(out), in: rate(into) },
  }));
  return {
    ...loads,
    links: links.filter(({ forward, reverse }) => [...forward, ...reverse].some(each => each > 0)),
    nodes: nodes.filter(({ sent, received, out, in: into }) => sent + received + out + into > 0),
    placed: octets(loads.placed),
    unplaced: loads.unplaced.map(each => ({ ...each, octets: octets(each.octets), share: hundredth(each.share) })),
  };
}

function rate(value: number): number {
  return rounded(value, RATE);
}

function octets(value: number): number {
  return rounded(value, OCTETS);
}

/** Two digits, or nothing below the least. */
function rounded(value: number, least: number): number {
  return value < least ? 0 : Number(value.toPrecision(2));
}

function hundredth(share: number): number {
  return Math.round(share * 100) / 100;
}
