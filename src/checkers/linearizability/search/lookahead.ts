/** Knows that some choices of a search are wrong before it comes to the call that shows it. */
export interface Lookahead {
  place(call: number): void;
  takeBack(call: number): void;
  /**
   * Whether a call that is not placed can never be after the state has changed, at the return of
   * a call that stands at `event`.
   */
  isHopeless(before: number, after: number, event: number): boolean;
}
