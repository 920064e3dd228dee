import type { RecordedOperation } from '../checkers/linearizability/operation.ts';
import { hint, showValue } from '../scenario/issues.ts';
import { type HistoryEvent, Mistake } from './event.ts';
import { findFormat, type HistoryFormat, MODEL_NAMES } from './formats.ts';
import { Recorder } from './recorder.ts';

/** A history as a file has it. */
export interface RecordedHistory {
  readonly model: string;
  /** In the order of their invocation. */
  readonly operations: readonly RecordedOperation[];
  /** What the places of operations count: lines of the file; or events, if several share a line. */
  readonly places: 'lines' | 'events';
}

/** Takes in what a file says, whatever its notation is. */
export class Intake {
  private format: HistoryFormat | null = null;
  private recorder: Recorder | null = null;
  private readonly operationsMax: number;
  private lastPlace = 0;
  private lastTime = Number.NEGATIVE_INFINITY;
  private hasSharedLines = false;

  constructor(operationsMax: number) {
    this.operationsMax = operationsMax;
  }

  get hasModel(): boolean {
    return this.format !== null;
  }

  /** @throws {@link Mistake} if the model is not known */
  demandFormat(): HistoryFormat {
    if (this.format === null) throw noModel();
    return this.format;
  }

  /** @throws {@link Mistake} if there is no such model */
  begin(model: unknown): void {
    this.format = formatOf(model);
    this.recorder = new Recorder(this.format);
  }

  /**
   * @param line where the event begins
   * @throws {@link Mistake} if the event cannot follow the others
   */
  record(event: HistoryEvent, line: number): void {
    if (this.recorder === null) throw noModel();
    this.checkTime(event.time);
    const place = Math.max(line, this.lastPlace + 1);
    if (place !== line) this.hasSharedLines = true;
    this.lastPlace = place;
    this.recorder.record(event, place);
    if (this.recorder.operations.length > this.operationsMax) {
      throw new Mistake(
        `has more than ${this.operationsMax} operations, which is all that the memory holds; give Node more, as with NODE_OPTIONS=--max-old-space-size=8000`,
      );
    }
  }

  /** @throws {@link Mistake} if there was nothing */
  end(): RecordedHistory {
    const { model } = this.demandFormat();
    const operations = this.recorder?.operations ?? [];
    if (operations.length === 0)
      throw new Mistake('the history has no operation, so nothing to check');
    const places = this.hasSharedLines ? 'events' : 'lines';
    return { model, operations, places };
  }

  /** The order of the lines is what counts: a time that falls shows that it was lost. */
  private checkTime(time: unknown): void {
    if (time === undefined || time === null) return;
    if (typeof time !== 'number')
      throw new Mistake(`time is ${showValue(time)}; it should be a number`);
    if (time < this.lastTime) {
      throw new Mistake(
        `time is ${time}, after ${this.lastTime} before it; lines stand in the order in which things happened`,
      );
    }
    this.lastTime = time;
  }
}

function noModel(): Mistake {
  return new Mistake(
    `names no model; give one with --model, or with a header like {"model":"register"}: there are ${MODEL_NAMES.join(', ')}`,
  );
}

function formatOf(model: unknown): HistoryFormat {
  const format = typeof model === 'string' ? findFormat(model) : undefined;
  if (format !== undefined) return format;
  const likely = typeof model === 'string' ? hint(model, MODEL_NAMES) : '';
  const there = likely === '' ? 'there' : `${likely} There`;
  throw new Mistake(
    `there is no model ${showValue(model)}; ${there} are ${MODEL_NAMES.join(', ')}`,
  );
}
