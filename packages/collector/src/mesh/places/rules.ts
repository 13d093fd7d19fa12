/** What a user says of addresses; before all that a topology says. */
export interface PlaceRule {
  /** CIDR, or an address. */
  readonly network: string;
  /** Id of the node that they are at. */
  readonly node: string;
}
