import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from '../../../src/cli/pace.ts';

/** A keyboard whose keys a test presses. */
class FakeKeyboard extends EventEmitter {
  readonly isTTY: boolean;
  readonly story: string[] = [];

  constructor(isTTY = true) {
    super();
    this.isTTY = isTTY;
  }

  setRawMode(isRaw: boolean): void {
    this.story.push(isRaw ? 'raw' : 'cooked');
  }

  resume(): void {
    this.story.push('read');
  }

  pause(): void {
    this.story.push('let go');
  }

  press(key: string): void {
    this.emit('data', Buffer.from(key));
  }
}

describe('the pace of a story', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  /** What becomes of a wait of ten seconds. */
  function begin(keyboard: FakeKeyboard): { readonly pace: Pace; readonly outcomes: boolean[] } {
    const pace = new Pace(keyboard);
    const outcomes: boolean[] = [];
    void pace.wait(10_000).then((outcome) => outcomes.push(outcome));
    return { pace, outcomes };
  }

  it('goes on when the time is over', async () => {
    const { outcomes } = begin(new FakeKeyboard());
    await vi.advanceTimersByTimeAsync(9_999);
    expect(outcomes).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(outcomes).toEqual([true]);
  });

  it('goes on at a key, and leaves no timer behind', async () => {
    const keyboard = new FakeKeyboard();
    const { outcomes } = begin(keyboard);
    keyboard.press('\r');
    await vi.advanceTimersByTimeAsync(0);
    expect(outcomes).toEqual([true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('ends at %s, and stays ended', async (_name, key) => {
    const keyboard = new FakeKeyboard();
    const { pace, outcomes } = begin(keyboard);
    keyboard.press(key);
    await vi.advanceTimersByTimeAsync(0);
    expect(outcomes).toEqual([false]);
    expect(await pace.wait(10_000)).toBe(false);
  });

  it('gives the keyboard back as it was', () => {
    const keyboard = new FakeKeyboard();
    const pace = new Pace(keyboard);
    pace.close();
    expect(keyboard.story).toEqual(['raw', 'read', 'cooked', 'let go']);
    expect(keyboard.listenerCount('data')).toBe(0);
  });

  it('leaves alone what is no keyboard', async () => {
    const pipe = new FakeKeyboard(false);
    const { pace, outcomes } = begin(pipe);
    await vi.advanceTimersByTimeAsync(10_000);
    pace.close();
    expect(outcomes).toEqual([true]);
    expect(pipe.story).toEqual([]);
  });
});
