/**
 * The one allotment of Template IDs (RFC 7011 section 3.4.1: 256 to 65535, unique within a Transport Session). Options Templates
 * have ids of their own, Flow Templates get theirs in the order of their appearance.
 */
export const METERING_STATISTICS_TEMPLATE_ID = 256;
export const METERING_RELIABILITY_TEMPLATE_ID = 257;
export const EXPORTING_RELIABILITY_TEMPLATE_ID = 258;
export const FLOW_KEYS_TEMPLATE_ID = 259;
export const TYPE_INFORMATION_TEMPLATE_ID = 260;
export const INTERFACES_TEMPLATE_ID = 261;
export const OBSERVATION_DOMAIN_TEMPLATE_ID = 262;
export const SELECTOR_TEMPLATE_ID = 263;
export const ANONYMISATION_TEMPLATE_ID = 264;
/** The reliability of the processes where more is known of it. */
export const METERING_RELIABILITY_PACKETS_TEMPLATE_ID = 265;
export const METERING_RELIABILITY_PACKETS_TIMES_TEMPLATE_ID = 266;
export const EXPORTING_RELIABILITY_TIMES_TEMPLATE_ID = 267;
export const PACKET_SAMPLING_TEMPLATE_ID = 268;

export const FIRST_FLOW_TEMPLATE_ID = 288;
