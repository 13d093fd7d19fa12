/** IPS_OFFLOAD and IPS_HW_OFFLOAD (enum ip_conntrack_status). */
const IPS_OFFLOAD = 1 << 14;
const IPS_HW_OFFLOAD = 1 << 15;

/** Where none of these bits is set, a connection is not offloaded. */
export const OFFLOADED = IPS_OFFLOAD | IPS_HW_OFFLOAD;

/** flowOffload of a connection's status: 0 not offloaded, 1 to a flowtable in software, 2 to hardware. */
export function offloadOf(status: number): number {
  if ((status & IPS_HW_OFFLOAD) !== 0) return 2;
  return (status & IPS_OFFLOAD) !== 0 ? 1 : 0;
}

/** The bits of the status that offloadOf looks at: what is offloaded to hardware is in a flowtable, too. */
export function statusOf(offload: number): number {
  if (offload === 2) return IPS_OFFLOAD | IPS_HW_OFFLOAD;
  return offload === 1 ? IPS_OFFLOAD : 0;
}
