import Type, { type Static } from 'typebox';
import { defaultThresholds, type Thresholds } from '../../analysis/detect/thresholds.js';
import { checkNetwork } from '../address.js';

const options = Type.Object({
  detect: Type.Boolean({
    description: 'whether scans, floods, amplification, new talkers and silent hosts are looked for in what is stored',
    default: true,
  }),
  'detect-ignore': Type.Array(Type.String(), {
    description:
      'networks or hosts, as CIDR, whose scans are meant, such as a scanner of your own, and floods to which are usual; may be given more than once',
    default: [],
    maxItems: 1024,
  }),
  'detect-scan-ports': limit(
    'ports of one target that do not answer one source in five minutes, to be a scan',
    defaultThresholds.scanPorts,
  ),
  'detect-scan-targets': limit(
    'targets that do not answer one source on one port in five minutes, to be a scan',
    defaultThresholds.scanTargets,
  ),
  'detect-flood-flows': limit(
    'flows a second to one target that are not answered, for ten seconds, to be a flood',
    defaultThresholds.floodFlows,
  ),
  'detect-flood-packets': limit(
    'packets a second to one target that are not answered, for ten seconds, to be a flood',
    defaultThresholds.floodPackets,
  ),
  'detect-amplified': limit(
    'megabits a second of answers to a host that has asked for a tenth of it at most, to be amplification',
    defaultThresholds.amplified / 1e6,
  ),
});

function limit(description: string, value: number) {
  return Type.Integer({ description, default: value, minimum: 1, maximum: 1_000_000_000 });
}

/** What is looked for in the traffic. */
export const detectOptions = options.properties;

export interface DetectSettings {
  readonly detect: boolean;
  /** Networks. */
  readonly detectIgnore: readonly string[];
  readonly thresholds: Thresholds;
}

/** @throws WeirError */
export function detectSettings(given: Static<typeof options>): DetectSettings {
  return {
    detect: given.detect,
    detectIgnore: given['detect-ignore'].map(text => checkNetwork(withLength(text), 'detect-ignore')),
    thresholds: {
      scanPorts: given['detect-scan-ports'],
      scanTargets: given['detect-scan-targets'],
      floodFlows: given['detect-flood-flows'],
      floodPackets: given['detect-flood-packets'],
      amplified: 1e6 * given['detect-amplified'],
    },
  };
}

/** A host is a network of one. */
function withLength(text: string): string {
  if (text.includes('/')) return text;
  return `${text}/${text.includes(':') ? 128 : 32}`;
}
