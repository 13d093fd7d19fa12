/** Enterprise number under which an IANA element stands for the reverse direction of a Biflow (RFC 5103 section 6.1). */
export const REVERSE_PEN = 29305;

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
