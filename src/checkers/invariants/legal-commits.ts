import { hex, type Invariant } from './invariant.ts';

export const legalCommits: Invariant = {
  id: 'legal-commits',
  source: 'Remix (EuroSys 2025), I-14; ZOOKEEPER-1264, 4394',
  watch: () => ({
    delivered({ sid, log }, node) {
      if (log.holds(node)) return true;
      return `server ${sid} delivered ${hex(node.zxid)}, which its log does not hold like that; it ends with ${hex(log.tip.zxid)}`;
    },
  }),
};
