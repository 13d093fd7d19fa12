/** Set IDs (RFC 7011 section 3.3.2). */
export const TEMPLATE_SET = 2;
export const OPTIONS_TEMPLATE_SET = 3;
/** Set IDs from here on are Template IDs. */
export const FIRST_DATA_SET = 256;
/** Bit of the element's number that says: an enterprise number follows (RFC 7011 section 3.2). */
export const ENTERPRISE_BIT = 0x8000;
