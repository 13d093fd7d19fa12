/** How many datagrams to `port` in the capture tshark complains of: malformed, undecoded, or with an expert's remark. */
export function malformedDatagrams(_capture: string, _port: number): number {
  throw new Error('not built yet');
}
