import type { Invariant } from './invariant.ts';

export const leadership: Invariant = {
  id: 'leadership',
  source: 'Zab.tla and ZkV3_7_0.tla, Leadership2',
  watch: (ghost) => ({
    established({ name }, epoch) {
      const before = ghost.established.get(epoch);
      return before === undefined || `${name} leads epoch ${epoch}, and so did ${before.who}`;
    },
  }),
};
