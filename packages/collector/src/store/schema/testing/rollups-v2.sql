CREATE TABLE series_hour (
  day Date CODEC(Delta(2), ZSTD(1)),
  time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  exporter IPv6 CODEC(ZSTD(1)),
  observationDomainId UInt32 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  ingressInterface UInt32 CODEC(ZSTD(1)),
  egressInterface UInt32 CODEC(ZSTD(1)),
  present UInt64 CODEC(ZSTD(1)),
  inOctets SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  outOctets SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  inPackets SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  outPackets SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  inOctetsRate SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  outOctetsRate SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  inPacketsRate SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  outPacketsRate SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  batch SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  INDEX batches batch TYPE minmax GRANULARITY 1
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, exporter, time, observationDomainId, protocol, ingressInterface, egressInterface, present)
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;
CREATE TABLE series_minute (
  day Date CODEC(Delta(2), ZSTD(1)),
  time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  exporter IPv6 CODEC(ZSTD(1)),
  observationDomainId UInt32 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  ingressInterface UInt32 CODEC(ZSTD(1)),
  egressInterface UInt32 CODEC(ZSTD(1)),
  present UInt64 CODEC(ZSTD(1)),
  inOctets SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  outOctets SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  inPackets SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  outPackets SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  inOctetsRate SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  outOctetsRate SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  inPacketsRate SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  outPacketsRate SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1)),
  batch SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  INDEX batches batch TYPE minmax GRANULARITY 1
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMMDD(day)
ORDER BY (day, exporter, time, observationDomainId, protocol, ingressInterface, egressInterface, present)
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;
CREATE TABLE sources_hour (
  day Date CODEC(Delta(2), ZSTD(1)),
  time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  sourceAddress IPv6 CODEC(ZSTD(1)),
  exporter IPv6 CODEC(ZSTD(1)),
  observationDomainId UInt32 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  present UInt64 CODEC(ZSTD(1)),
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
ORDER BY (day, sourceAddress, time, exporter, observationDomainId, protocol, present)
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;
CREATE TABLE destinations_hour (
  day Date CODEC(Delta(2), ZSTD(1)),
  time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  destinationAddress IPv6 CODEC(ZSTD(1)),
  exporter IPv6 CODEC(ZSTD(1)),
  observationDomainId UInt32 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  present UInt64 CODEC(ZSTD(1)),
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
ORDER BY (day, destinationAddress, time, exporter, observationDomainId, protocol, present)
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;
