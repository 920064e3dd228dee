/** What the exit code tells. */
export const EXIT = {
  /** All properties hold. */
  holds: 0,
  /** A property is violated. */
  violated: 1,
  /** The input is wrong. */
  badInput: 2,
  /** zabox itself is: a defect, or a digest that differs. */
  defect: 3,
  /** Nothing was proved: a campaign that never came to what it must. */
  nothingProved: 4,
} as const;
