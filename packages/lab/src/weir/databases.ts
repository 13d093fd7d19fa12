/** For runs of a collector that nothing is looked up in: reading the databases for a new data directory takes seconds. */
export const noDatabases: readonly string[] = ['--as-database', 'none', '--country-database', 'none'];
