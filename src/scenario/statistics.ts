import { EVENT_KIND_COUNT, eventName } from '../faults/event-names.ts';
import type { Observer } from '../world/timeline.ts';
import { ZAB_EVENTS } from '../zab/events.ts';

/** Counts what happens in a run. */
export class Statistics implements Observer {
  /** Who led, in the order of the epochs. */
  readonly leaders: { readonly epoch: number; readonly server: number; readonly at: number }[] = [];
  private readonly counts = new Int32Array(EVENT_KIND_COUNT);
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  observe(host: number, kind: number, value: number): void {
    this.counts[kind] = (this.counts[kind] as number) + 1;
    if (kind === ZAB_EVENTS.established) {
      this.leaders.push({ epoch: value, server: host, at: this.now() });
    }
  }

  count(kind: number): number {
    return this.counts[kind] ?? 0;
  }

  /** How often each kind of event happened, those that did. */
  byName(): Record<string, number> {
    const byName: Record<string, number> = {};
    this.counts.forEach((count, kind) => {
      if (count > 0) byName[eventName(kind)] = count;
    });
    return byName;
  }
}
