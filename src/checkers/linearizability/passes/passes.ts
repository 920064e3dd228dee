import type { Shape } from '../model.ts';
import type { Route } from '../result.ts';
import type { Pass } from './pass.ts';
import { passRegister } from './register-blocks.ts';
import { passStrings } from './string-blocks.ts';
import { passVersions } from './version-witness.ts';

/** The quick way for each shape, and what it takes of memory for each call. */
export const PASSES: Readonly<Partial<Record<Shape, QuickWay>>> = {
  register: { route: 'blocks', pass: passRegister, bytesPerCall: 140 },
  strings: { route: 'blocks', pass: passStrings, bytesPerCall: 140 },
  versions: { route: 'witness', pass: passVersions, bytesPerCall: 140 },
};

export interface QuickWay {
  readonly route: Route;
  readonly pass: Pass;
  readonly bytesPerCall: number;
}
