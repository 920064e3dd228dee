import type { CampaignVerdict } from '../campaign/fuzz.ts';

/** What the exit code tells. */
export const EXIT = {
  /** All properties hold. */
  holds: 0,
  /** A property is violated. */
  violated: 1,
  /** The input is wrong. */
  badInput: 2,
  /** No verdict: a check came to no end, or zabox has a defect, as a digest that differs. */
  noVerdict: 3,
  /** Nothing was proved: a campaign that never came to what it must. */
  nothingProved: 4,
} as const;

const BY_VERDICT: Readonly<Record<CampaignVerdict, number>> = {
  pass: EXIT.holds,
  violation: EXIT.violated,
  unknown: EXIT.noVerdict,
  'nothing proved': EXIT.nothingProved,
};

export function exitCodeOf(verdict: CampaignVerdict): number {
  return BY_VERDICT[verdict];
}
