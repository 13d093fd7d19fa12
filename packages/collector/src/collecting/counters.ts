/** What has come in; every number only grows. */
export interface IngestCounters {
  datagrams: number;
  /** Messages that came over connections. */
  streamMessages: number;
  octets: number;
  /** Data Records that are flows. */
  flowRecords: number;
  /** Options Data Records. */
  optionsRecords: number;
  batches: number;
  /** Datagrams that are neither IPFIX Messages nor NetFlow v5 or v9. */
  notIpfix: number;
  /** Datagrams of senders for whom there was no room among the sessions. */
  refusedDatagrams: number;
  /** Flows that were forgotten while another exporter might still tell of them: its records are not marked as duplicates. */
  forgottenFlows: number;
}

export function newCounters(): IngestCounters {
  return {
    datagrams: 0,
    streamMessages: 0,
    octets: 0,
    flowRecords: 0,
    optionsRecords: 0,
    batches: 0,
    notIpfix: 0,
    refusedDatagrams: 0,
    forgottenFlows: 0,
  };
}
