import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { onlyDifferent } from './compare.ts';
import { parseRecording } from './recording.ts';
import { replay } from './replay.ts';

const DIRECTORY = new URL('./recordings/', import.meta.url);
const FILES = readdirSync(DIRECTORY).filter((file) => file.endsWith('.jsonl'));

describe('a simulated server', () => {
  it.each(FILES)('answers %s step by step as a real server did', (file) => {
    const recording = parseRecording(file, readFileSync(new URL(file, DIRECTORY), 'utf8'));
    expect(recording.steps.length).toBeGreaterThan(0);
    const differences = replay(recording).map(({ step, op, expected, got }) => {
      return { step, op, ...onlyDifferent(expected, got) };
    });
    expect(differences).toEqual([]);
  });
});
