import { HistoryCheck } from '../linearizability/history-check.ts';
import type { HistoryModel } from '../linearizability/model.ts';
import type { RecordedOperation } from '../linearizability/operation.ts';
import type { CheckOptions, CheckResult } from '../linearizability/result.ts';
import { SequentialCheck } from './sequential.ts';
import { checkSessions } from './session.ts';
import { LOCAL_GET } from './znode-answers.ts';

/** What a history can be judged by. */
export type Consistency = 'linearizable' | 'session' | 'sequential';

/** A check that can be interrupted: whether and when is for the caller to say. */
export interface Check {
  /** Goes on for about so many steps. @returns whether there is a verdict */
  advance(steps: number): boolean;
  /** What is known by now: `unknown` if there is no verdict yet. */
  result(): CheckResult;
}

/**
 * A check that a history is what it should be.
 *
 * @param consistency `session` is for the model `znode` alone, all of whose answers have zxids
 */
export function newCheck(
  consistency: Consistency,
  operations: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
  options: CheckOptions = {},
): Check {
  switch (consistency) {
    case 'linearizable':
      return new HistoryCheck(promisedToAll(operations, model), model, options);
    case 'session':
      return new SessionsCheck(operations);
    case 'sequential':
      return new SequentialCheck(operations, withLocalGets(model), options);
  }
}

/** What is answered by a session's own server is promised to its session alone. */
function promisedToAll(
  operations: readonly RecordedOperation[],
  { shape }: HistoryModel<unknown>,
): readonly RecordedOperation[] {
  return shape === 'versions' ? operations.filter(({ f }) => f !== LOCAL_GET) : operations;
}

/** In one order of all, a local get is a get. */
function withLocalGets(model: HistoryModel<unknown>): HistoryModel<unknown> {
  if (model.shape !== 'versions') return model;
  return {
    ...model,
    operations: { ...model.operations, [LOCAL_GET]: { isRead: true } },
    step: (state, operation) => {
      return model.step(state, operation.f === LOCAL_GET ? { ...operation, f: 'get' } : operation);
    },
  };
}

/** One pass, which is never interrupted. */
class SessionsCheck implements Check {
  private readonly operations: readonly RecordedOperation[];
  private known: CheckResult | null = null;

  constructor(operations: readonly RecordedOperation[]) {
    this.operations = operations;
  }

  advance(): boolean {
    this.known ??= checkSessions(this.operations);
    return true;
  }

  result(): CheckResult {
    this.known ??= checkSessions(this.operations);
    return this.known;
  }
}
