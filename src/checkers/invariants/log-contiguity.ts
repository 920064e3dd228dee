import { follows } from '../../zab/zxid.ts';
import { hex, type Invariant } from './invariant.ts';

export const logContiguity: Invariant = {
  id: 'log-contiguity',
  source: 'FileTxnLog; ZOOKEEPER-1489, 2832, 3642, 4925',
  watch: ({ counterStart }) => ({
    appended({ sid }, { zxid, parent }) {
      if (parent !== null && follows(parent.zxid, zxid, counterStart)) return true;
      return `server ${sid} has logged ${hex(zxid)} right behind ${hex(parent?.zxid ?? 0)}`;
    },
  }),
};
