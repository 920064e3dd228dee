import type { Bug } from './bug.ts';

/**
 * A learner hands the initial history to its log and acknowledges each transaction by itself, also
 * before NEWLEADER. The leader takes the first of these for the answer to NEWLEADER and does not
 * count it; when it needed it, it waits in vain. Before ZooKeeper 3.9.2; ZOOKEEPER-4685.
 */
export const zookeeper4685: Bug = {
  id: 'zookeeper-4685',
  summary: 'transactions of the history are acknowledged before NEWLEADER',
  breaks: ['channel-order', 'committed-never-lost', 'acknowledged-is-durable'],
  rules: (correct) => ({
    ...correct,
    newLeaderSteps: ['S', 'Q', 'T', 'E', 'A'],
    demandsNewLeaderAck: false,
  }),
};
