import type { HistoryModel } from '../model.ts';
import { COUNTER, LOCK, SET } from './others.ts';
import { PRIORITY_QUEUE, QUEUE } from './queues.ts';
import { CAS_REGISTER, KV_REGISTER, REGISTER } from './register.ts';
import { KV } from './strings.ts';
import { ZNODE } from './znode.ts';

/** The ready-made models, by their names. */
export const HISTORY_MODELS: ReadonlyMap<string, HistoryModel<unknown>> = new Map<
  string,
  HistoryModel<unknown>
>(
  [REGISTER, KV_REGISTER, CAS_REGISTER, KV, QUEUE, PRIORITY_QUEUE, SET, COUNTER, LOCK, ZNODE].map(
    (model) => [model.name, model as HistoryModel<unknown>],
  ),
);
