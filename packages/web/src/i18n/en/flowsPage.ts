/** The page of flows: its table, its columns and groups, its files. */
export const flowsPage = {
  table: 'Flows: arrow keys move, Enter opens the session',
  groupTable: 'Groups of flows: arrow keys move, Enter shows the flows of a group',
  columns: 'Columns',
  group: 'Group by',
  flows: (count: string) => `${count} flows`,
  groups: (count: string) => `${count} groups`,
  largestGroups: '(those with most octets; a filter shows others)',
  asOf: (clock: string) => `as of ${clock}`,
  refused: (why: string) => `This cannot be shown: ${why}.`,
  reset: 'Back to the usual columns',
  newer: 'Show newer ones',
};

export const fieldPicker = {
  search: 'Search for a field',
  chosen: (count: string, most: string) => `${count} of at most ${most} chosen`,
  none: 'No field has this in its name. Any Information Element can be chosen: type how its name begins.',
  reset: 'Back to the usual',
};

export const range = {
  times: 'Times',
  from: 'From',
  to: 'To',
  show: 'Show',
  wrong: 'The time to show from must be before the time to show to.',
};

/** What can be saved. */
export const files = {
  label: 'Export',
  flows: 'The flows, as in this table',
  flowsHelp: (most: string) => `All rows with the columns chosen, in this order; at most ${most} flows.`,
  groups: 'The groups, as in this table',
  groupsHelp: (count: string) => `${count} groups with their sums.`,
  written: (rows: string) => `${rows} rows so far …`,
  cancel: 'Stop',
  failed: (why: string) => `No file was made: ${why}`,
  records: 'The Flow Records behind them',
  recordsHelp: 'All records of this filter and time with every element that they have.',
  formats: { ipfix: 'IPFIX', parquet: 'Parquet', ndjson: 'JSON lines' },
};
