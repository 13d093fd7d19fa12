/** The probe: Metering Process and Exporting Process on Linux connection tracking. */

export { type ProbeConfig, probeSchema } from './config/schema.js';
export { parseTransport } from './config/transport.js';
export type { RunningState, SetupDoor } from './control/door.js';
export { type ControlServer, serveControl } from './control/server.js';
export { Setup } from './control/setup.js';
export type * from './control/types.js';
export { WeirError } from './error.js';
export { notifyServiceManager } from './host/service-manager.js';
export type { Changes } from './main/changes.js';
export type { Level, Log } from './main/log.js';
export type { LoopStatistics } from './main/loop-statistics.js';
export { type MetricsServer, startMetrics } from './main/metrics-server.js';
export { type NamespaceTarget, parseNamespaces } from './main/namespaces.js';
export { checkConfig, type NamespaceStatus, type RunningProbe, startProbe } from './main/probe.js';
export { StatusLine } from './main/status-line.js';
export { checkPlatform, checkPrivilege, checkSource, preflight } from './preflight/checks.js';
export { claimNamespace } from './preflight/claim.js';
export { exportFindings, type Patient, patientOf, sourceFindings } from './preflight/examine.js';
export { describe, type Finding } from './preflight/finding.js';
export { inNamespace } from './preflight/in-namespace.js';
export { mend, restore } from './preflight/mend.js';
export { prepare } from './preflight/prepare.js';
export { ROUTER_DEFAULTS, ROUTER_KEYS } from './router/settings.js';
