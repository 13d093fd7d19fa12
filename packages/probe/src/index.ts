/** The probe: Metering Process and Exporting Process on Linux connection tracking. */
export { type ProbeConfig, probeSchema } from './config/schema.js';
export { parseTransport } from './config/transport.js';
export { WeirError } from './error.js';
export type { Statistics } from './exporting/statistics.js';
export { type RunningProbe, startProbe } from './main/probe.js';
export { checkPlatform, checkPrivilege, preflight } from './preflight/checks.js';
export { claimNamespace } from './preflight/claim.js';
export type { Finding } from './preflight/finding.js';
export { mend, restore } from './preflight/mend.js';
