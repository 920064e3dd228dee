import { hex, type Invariant } from './invariant.ts';

export const legalAcks: Invariant = {
  id: 'legal-acks',
  source: 'Remix (EuroSys 2025), I-12; ZOOKEEPER-3911, 4685',
  watch: (ghost) => ({
    acked({ sid, log }, txn) {
      const { zxid } = txn;
      if (ghost.proposal(zxid) !== txn) {
        return `server ${sid} acknowledged ${hex(zxid)}, which nobody has proposed like that`;
      }
      if (log.find(zxid)?.txn === txn) return true;
      return `server ${sid} acknowledged ${hex(zxid)}, and its log ends with ${hex(log.tip.zxid)}`;
    },

    newLeaderAcked({ sid, log }, epoch, leader) {
      const { claim } = leader;
      if (leader.claimedEpoch !== epoch || claim === null) return false;
      if (log.holds(claim)) return true;
      return (
        `server ${sid} acknowledged the history of epoch ${epoch} up to ${hex(claim.zxid)}, ` +
        `and its log ends with ${hex(log.tip.zxid)}`
      );
    },
  }),
};
