import type { Shape } from '../model.ts';
import type { Route } from '../result.ts';
import { passCounter } from './counter.ts';
import { passLock } from './lock.ts';
import type { Pass } from './pass.ts';
import { passPriorityQueue } from './priority-queue.ts';
import { passQueue } from './queue.ts';
import { passRegister } from './register-blocks.ts';
import { passSetElement } from './set-element.ts';
import { passStrings } from './string-blocks.ts';
import { passVersions } from './version-witness.ts';

/** The quick way for each shape, and what it takes of memory for each call. */
export const PASSES: Readonly<Partial<Record<Shape, QuickWay>>> = {
  register: { route: 'blocks', pass: passRegister, bytesPerCall: 140 },
  strings: { route: 'blocks', pass: passStrings, bytesPerCall: 140 },
  versions: { route: 'witness', pass: passVersions, bytesPerCall: 140 },
  queue: { route: 'queue', pass: passQueue, bytesPerCall: 120 },
  counter: { route: 'counts', pass: passCounter, bytesPerCall: 30 },
  lock: { route: 'blocks', pass: passLock, bytesPerCall: 60 },
  set: { route: 'phases', pass: passSetElement, bytesPerCall: 20 },
  'priority-queue': { route: 'queue', pass: passPriorityQueue, bytesPerCall: 240 },
};

export interface QuickWay {
  readonly route: Route;
  readonly pass: Pass;
  readonly bytesPerCall: number;
}
