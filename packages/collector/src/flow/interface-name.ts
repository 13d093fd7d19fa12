/** What an exporter calls one of its interfaces. */
export interface InterfaceName {
  /** Its address. */
  readonly exporter: string;
  readonly observationDomainId: number;
  /** Number of the interface, as in ingressInterface. */
  readonly interface: number;
  readonly name: string;
  /** '' where it says none. */
  readonly description: string;
}
