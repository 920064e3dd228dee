import type { Bug } from './bug.ts';

/**
 * NEWLEADER is acknowledged, and the history that it stands for is logged only then: a quorum of
 * those acknowledgements commits what is in nobody's log. ZOOKEEPER-3911, where it came even later.
 */
export const newleaderAckedBeforeLog: Bug = {
  id: 'newleader-acked-before-log',
  summary: 'NEWLEADER is acknowledged before the history is in the log',
  breaks: ['legal-acks', 'recoverability', 'acknowledged-is-durable'],
  rules: (correct) => ({ ...correct, newLeaderSteps: ['S', 'T', 'E', 'A', 'L', 'F'] }),
};
