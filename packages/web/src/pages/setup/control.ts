/** What every kind of control is given. */
export interface Control {
  id: string;
  disabled: boolean;
  invalid: boolean;
  /** Ids of what says more of it. */
  describedBy: string;
}
