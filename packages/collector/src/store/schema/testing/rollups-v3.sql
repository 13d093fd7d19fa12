CREATE TABLE sources_hour (
  day Date CODEC(Delta(2), ZSTD(1)),
  time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  sourceAddress IPv6 CODEC(ZSTD(1)),
  exporter IPv6 CODEC(ZSTD(1)),
  observationDomainId UInt32 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  duplicate UInt8 CODEC(ZSTD(1)),
  present UInt64 CODEC(ZSTD(1)),
  present2 UInt64 CODEC(ZSTD(1)),
  lone SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  running SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)) CODEC(ZSTD(1)),
  octets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  packets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  reverseOctets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  reversePackets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  batch SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  INDEX batches batch TYPE minmax GRANULARITY 1
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, sourceAddress, time, exporter, observationDomainId, protocol, duplicate, present, present2)
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;
CREATE TABLE sources_day (
  day Date CODEC(Delta(2), ZSTD(1)),
  time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  sourceAddress IPv6 CODEC(ZSTD(1)),
  exporter IPv6 CODEC(ZSTD(1)),
  observationDomainId UInt32 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  duplicate UInt8 CODEC(ZSTD(1)),
  present UInt64 CODEC(ZSTD(1)),
  present2 UInt64 CODEC(ZSTD(1)),
  lone SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  running SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)) CODEC(ZSTD(1)),
  octets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  packets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  reverseOctets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  reversePackets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  batch SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  INDEX batches batch TYPE minmax GRANULARITY 1
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, sourceAddress, time, exporter, observationDomainId, protocol, duplicate, present, present2)
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;
CREATE TABLE destinations_hour (
  day Date CODEC(Delta(2), ZSTD(1)),
  time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  destinationAddress IPv6 CODEC(ZSTD(1)),
  exporter IPv6 CODEC(ZSTD(1)),
  observationDomainId UInt32 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  duplicate UInt8 CODEC(ZSTD(1)),
  present UInt64 CODEC(ZSTD(1)),
  present2 UInt64 CODEC(ZSTD(1)),
  lone SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  running SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)) CODEC(ZSTD(1)),
  octets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  packets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  reverseOctets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  reversePackets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  batch SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  INDEX batches batch TYPE minmax GRANULARITY 1
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, destinationAddress, time, exporter, observationDomainId, protocol, duplicate, present, present2)
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;
CREATE TABLE destinations_day (
  day Date CODEC(Delta(2), ZSTD(1)),
  time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  destinationAddress IPv6 CODEC(ZSTD(1)),
  exporter IPv6 CODEC(ZSTD(1)),
  observationDomainId UInt32 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  duplicate UInt8 CODEC(ZSTD(1)),
  present UInt64 CODEC(ZSTD(1)),
  present2 UInt64 CODEC(ZSTD(1)),
  lone SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  running SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)) CODEC(ZSTD(1)),
  octets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  packets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  reverseOctets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  reversePackets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  batch SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  INDEX batches batch TYPE minmax GRANULARITY 1
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, destinationAddress, time, exporter, observationDomainId, protocol, duplicate, present, present2)
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;
CREATE TABLE places_hour (
  day Date CODEC(Delta(2), ZSTD(1)),
  time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  destinationAs UInt32 CODEC(ZSTD(1)),
  destinationCountry LowCardinality(String) CODEC(ZSTD(1)),
  destinationNetwork LowCardinality(String) CODEC(ZSTD(1)),
  exporter IPv6 CODEC(ZSTD(1)),
  observationDomainId UInt32 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  duplicate UInt8 CODEC(ZSTD(1)),
  present UInt64 CODEC(ZSTD(1)),
  present2 UInt64 CODEC(ZSTD(1)),
  lone SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  running SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)) CODEC(ZSTD(1)),
  octets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  packets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  reverseOctets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  reversePackets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  batch SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  INDEX batches batch TYPE minmax GRANULARITY 1
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, destinationAs, time, destinationCountry, destinationNetwork, exporter, observationDomainId, protocol, duplicate, present, present2)
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;
CREATE TABLE services_hour (
  day Date CODEC(Delta(2), ZSTD(1)),
  time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  destinationPort UInt16 CODEC(ZSTD(1)),
  exporter IPv6 CODEC(ZSTD(1)),
  observationDomainId UInt32 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  duplicate UInt8 CODEC(ZSTD(1)),
  present UInt64 CODEC(ZSTD(1)),
  present2 UInt64 CODEC(ZSTD(1)),
  lone SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  running SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)) CODEC(ZSTD(1)),
  octets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  packets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  reverseOctets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  reversePackets SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  batch SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  INDEX batches batch TYPE minmax GRANULARITY 1
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, destinationPort, time, exporter, observationDomainId, protocol, duplicate, present, present2)
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;
CREATE TABLE sources_step (
  time DateTime('UTC'),
  sourceAddress IPv6,
  exporter IPv6,
  observationDomainId UInt32,
  protocol UInt8,
  duplicate UInt8,
  present UInt64,
  present2 UInt64,
  lone UInt64,
  running Array(UInt64),
  octets UInt64,
  packets UInt64,
  reverseOctets UInt64,
  reversePackets UInt64,
  batch UInt64
) ENGINE = MergeTree
ORDER BY tuple()
SETTINGS index_granularity = 8192;
CREATE TABLE destinations_step (
  time DateTime('UTC'),
  destinationAddress IPv6,
  exporter IPv6,
  observationDomainId UInt32,
  protocol UInt8,
  duplicate UInt8,
  destinationPort UInt16,
  destinationAs UInt32,
  destinationCountry LowCardinality(String),
  destinationNetwork LowCardinality(String),
  present UInt64,
  present2 UInt64,
  lone UInt64,
  running Array(UInt64),
  octets UInt64,
  packets UInt64,
  reverseOctets UInt64,
  reversePackets UInt64,
  batch UInt64
) ENGINE = MergeTree
ORDER BY tuple()
SETTINGS index_granularity = 8192;
