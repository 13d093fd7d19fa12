/** From where on traffic is called unusual. */
export interface Thresholds {
  /** Ports of one target that did not answer one source, in five minutes. */
  readonly scanPorts: number;
  /** Targets that did not answer one source on one port, in five minutes. */
  readonly scanTargets: number;
  /** Flows a second to one target that are not answered. */
  readonly floodFlows: number;
  /** Packets a second to one target that are not answered. */
  readonly floodPackets: number;
  /** Bits a second of answers from services that amplify. */
  readonly amplified: number;
}

/**
 * - Ports: Zeek's policy/misc/scan calls 15 failed ports in five minutes a scan. Clients that look for a service on a row of ports, as
 *   printers and games do, come near that: 20.
 * - Targets: Zeek's 25.
 * - Flows: a service that answers nobody is asked some times a second. FastNetMon has 3,500 flows a second of any kind; of unanswered
 *   ones a hundredth of what fills the table of a small router (16,384 connections, 120 s) in a minute and a half is enough to be told.
 * - Packets: FastNetMon's 20,000 a second. Streams of one direction (syslog, flow records, television) have less.
 * - Amplified: no resolver of an office gets 10 Mbit/s of answers; the attacks begin at some hundred.
 */
export const defaultThresholds: Thresholds = {
  scanPorts: 20,
  scanTargets: 25,
  floodFlows: 100,
  floodPackets: 20_000,
  amplified: 10_000_000,
};

/** Milliseconds that contacts are remembered for: Zeek's interval for scans. */
export const SCAN_WINDOW = 300_000;
/** Milliseconds that floods are summed up over: a rate has to last for so long, or to be more for less. */
export const FLOOD_WINDOW = 10_000;
/** From this part of what begins an event on it is told what it is: so what becomes a flood is not told as a scan at first. */
export const KNOWN_FROM = 0.1;

/**
 * So many times as many contacts must have failed as were answered. Threshold Random Walk (Jung, Paxson, Berger, Balakrishnan 2004)
 * takes it that a benign host's first contacts go well with a chance of 0.8, a scanner's with one of 0.2: four to one.
 */
export const FAILED_TO_ANSWERED = 4;
