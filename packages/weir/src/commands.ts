import type { Command } from 'commander';

/** Every command by its name. Only the one that runs is loaded: schemas and their validation take longer to load than a small question takes to answer. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./up.js')).upCommand(),
  probe: async () => (await import('./probe.js')).probeCommand(),
  collect: async () => (await import('./collect.js')).collectCommand(),
  read: async () => (await import('./read.js')).readCommand(),
  query: async () => (await import('./query.js')).queryCommand(),
  sessions: async () => (await import('./sessions.js')).sessionsCommand(),
  events: async () => (await import('./events.js')).eventsCommand(),
  bill: async () => (await import('./bill.js')).billCommand(),
  report: async () => (await import('./report.js')).reportCommand(),
  import: async () => (await import('./import.js')).importCommand(),
  doctor: async () => (await import('./doctor.js')).doctorCommand(),
  alert: async () => (await import('./alert.js')).alertCommand(),
  user: async () => (await import('./user.js')).userCommand(),
  lab: async () => (await import('./lab.js')).labCommand(),
};
