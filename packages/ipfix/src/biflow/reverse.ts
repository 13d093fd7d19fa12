/** Enterprise number under which an IANA element stands for the reverse direction of a Biflow (RFC 5103 section 6.1). */
export const REVERSE_PEN = 29305;

/** Of a Biflow or an exporter as a whole, not of a direction, so that they have no reverse (RFC 5103 section 6.1). */
const NOT_REVERSIBLE: ReadonlySet<number> = new Set([
  // commonPropertiesId, templateId, flowId, observationDomainId
  ...[137, 145, 148, 149],
  // What Exporting and Collecting Process are: addresses, ports, protocols, flowKeyIndicator
  ...[130, 131, 211, 212, 213, 214, 215, 216, 217, 173],
  // What they count: exported, observed, ignored, not sent
  ...[40, 41, 42, 163, 164, 165, 166, 167, 168],
  // paddingOctets, biflowDirection
  ...[210, 239],
]);

/** May IANA's element of that number be exported in its reverse? Whoever collects one that may not takes it as it is. */
export function isReversible(id: number): boolean {
  return !NOT_REVERSIBLE.has(id);
}

/** octetDeltaCount -> reverseOctetDeltaCount, as RFC 5103 section 6.1 names them. */
export function reverseName(name: string): string {
  return `reverse${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** The forward names that a reverse name may stand for: reverseVRFname is VRFname's, reverseOctetDeltaCount octetDeltaCount's. */
export function forwardNames(name: string): readonly string[] {
  const rest = name.slice('reverse'.length);
  if (!name.startsWith('reverse') || rest === '') return [];
  return [rest.charAt(0).toLowerCase() + rest.slice(1), rest];
}
