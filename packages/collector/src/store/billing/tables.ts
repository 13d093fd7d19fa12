/** Sums of accounts in samples of five minutes: what is billed when Flow Records are gone. In 128 bits, signed: what a total count repeats is taken off again. */
export const SAMPLES = 'billing_samples';
export const createSamples = `CREATE TABLE IF NOT EXISTS ${SAMPLES} (
  account LowCardinality(String) CODEC(ZSTD(1)),
  time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  ofIn SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  ofOut SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  within SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  batch SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  INDEX batches batch TYPE minmax GRANULARITY 1
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (account, time)`;

/** The last step of each account: it is here before any of it is in the sums. */
export const STEPS = 'billing_steps';
export const createSteps = `CREATE TABLE IF NOT EXISTS ${STEPS} (
  name String, first UInt64, last UInt64
) ENGINE = ReplacingMergeTree(last) ORDER BY name`;

/** Accounts as they were configured, a row each time that one became different; its settings are empty where it was taken out. Rows are added only. */
export const ACCOUNTS = 'billing_accounts';
export const createAccounts = `CREATE TABLE IF NOT EXISTS ${ACCOUNTS} (
  name String,
  at DateTime64(3, 'UTC'),
  definedAt DateTime64(3, 'UTC'),
  countedFrom DateTime64(3, 'UTC'),
  settings String
) ENGINE = MergeTree ORDER BY (name, at)`;

/** Statements and their corrections. Rows are added only: there is no statement of SQL in Weir that changes or removes one. */
export const ENTRIES = 'billing_entries';
export const createEntries = `CREATE TABLE IF NOT EXISTS ${ENTRIES} (
  account String,
  month String,
  number UInt32,
  at DateTime64(3, 'UTC'),
  by String,
  reason String,
  statement String
) ENGINE = MergeTree ORDER BY (account, month, number)`;

export const billingTables = [createSamples, createSteps, createAccounts, createEntries];
