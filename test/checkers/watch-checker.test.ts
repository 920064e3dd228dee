import { describe, expect, it } from 'vitest';
import { checkWatches } from '../../src/checkers/watch-checker.ts';
import { recordings } from './recordings.ts';

const RECORDINGS = recordings();

describe('what a real server told its clients', () => {
  it.each(RECORDINGS.map((recorded) => ({ name: recorded.name, recorded })))(
    '$name',
    ({ recorded: { operations, events, committed } }) => {
      expect(checkWatches(operations, events, committed)).toEqual([]);
    },
  );
});
