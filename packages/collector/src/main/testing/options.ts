/** For tests of collectors that nothing is looked up in: reading the databases for a new data directory takes seconds. */
export const noDatabases = { 'as-database': 'none', 'country-database': 'none' } as const;
