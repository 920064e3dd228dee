import type { History } from '../history.ts';
import type { RecipeEvent, RecipeLog, RecordedEvent } from './log.ts';

/** Keeps what everybody believed, in the order of the history that it belongs to. */
export class RecipeJournal implements RecipeLog {
  readonly events: RecordedEvent[] = [];
  private readonly history: History;

  constructor(history: History) {
    this.history = history;
  }

  record(event: RecipeEvent): void {
    const { at, index } = this.history.moment();
    this.events.push(Object.assign(event, { at, index }));
  }
}
