import { WeirError } from '../error.js';
import { hash } from './hash.js';

/** The name of the network namespace that the probe itself runs in. */
const SELF = 'self';
const NAMESPACES = '/run/netns';
const LARGEST_DOMAIN = 0xffff_ffff;

/** A network namespace to meter, each an Observation Domain of its own. */
export interface NamespaceTarget {
  /** As configured: what log lines and metrics call it. */
  readonly name: string;
  /** File of the namespace, undefined for the one that the probe runs in. */
  readonly path: string | undefined;
  /** Observation Domain ID. */
  readonly domain: number;
}

/**
 * Reads `NAME[=DOMAIN]`, where NAME is "self", one of `ip netns list`, or a path such as /proc/PID/ns/net. Without DOMAIN,
 * "self" has `ownDomain`, and every other the FNV-1a hash of its name, which stays the same whatever else is metered.
 *
 * @throws WeirError where one is no name, or two have the same name or Observation Domain
 */
export function parseNamespaces(texts: readonly string[], ownDomain: number): NamespaceTarget[] {
  const targets = texts.map(text => parse(text, ownDomain));
  targets.forEach((target, i) => {
    for (const other of targets.slice(0, i)) {
      if (other.name === target.name) throw new WeirError(`namespace "${target.name}" is named twice: name it once`);
      if (other.domain !== target.domain) continue;
      throw new WeirError(
        `the namespaces "${other.name}" and "${target.name}" have the same Observation Domain ${target.domain}: write ${target.name}=DOMAIN with another number`,
      );
    }
  });
  return targets;
}

function parse(text: string, ownDomain: number): NamespaceTarget {
  const [, name, digits] = /^(.*?)(?:=(\d+))?$/s.exec(text) as unknown as [string, string, string | undefined];
  const isPath = name.startsWith('/');
  if (!isPath && !/^(?!\.{1,2}$)[^\s/=]+$/.test(name)) {
    throw new WeirError(
      `namespace "${text}" is not NAME or NAME=DOMAIN: write a name that "ip netns list" shows, "${SELF}", or a path such as /proc/PID/ns/net`,
    );
  }
  const domain = digits === undefined ? (name === SELF ? ownDomain : hash(name)) : Number(digits);
  if (domain > LARGEST_DOMAIN) throw new WeirError(`namespace "${text}": a domain is at most ${LARGEST_DOMAIN}`);
  return { name, path: name === SELF ? undefined : isPath ? name : `${NAMESPACES}/${name}`, domain };
}
