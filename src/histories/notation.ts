import { EdnForms } from './edn-forms.ts';
import { type HistoryEvent, Mistake } from './event.ts';
import type { Intake } from './intake.ts';
import { JepsenEvents } from './jepsen.ts';
import { type Header, isHeader, parseJsonLine } from './json-lines.ts';

/** A way to write histories, read piece by piece. */
export interface Notation {
  /** The line that is being read, from 1. */
  readonly line: number;
  /** @throws {@link Mistake} at the first of `line` */
  push(text: string): void;
  end(): void;
}

/** A line may be so long. */
const LINE_LENGTH_MAX = 1 << 24;

/** A header and then events, each on a line of its own. */
export class JsonLines implements Notation {
  line = 1;
  private readonly intake: Intake;
  private rest = '';
  private hasEvents = false;

  constructor(intake: Intake) {
    this.intake = intake;
  }

  push(text: string): void {
    const all = this.rest + text;
    let from = 0;
    for (let at = all.indexOf('\n'); at >= 0; at = all.indexOf('\n', from)) {
      this.take(all.slice(from, at));
      from = at + 1;
    }
    this.rest = all.slice(from);
    if (this.rest.length <= LINE_LENGTH_MAX) return;
    throw new Mistake(`is longer than ${LINE_LENGTH_MAX} characters`);
  }

  end(): void {
    if (this.rest !== '') this.take(this.rest);
  }

  private take(text: string): void {
    if (text.trim() !== '') this.takeLine(parseJsonLine(text));
    this.line++;
  }

  private takeLine(line: Header | HistoryEvent): void {
    if (!isHeader(line)) {
      this.hasEvents = true;
      this.intake.record(line, this.line);
    } else if (this.hasEvents) {
      throw new Mistake('is a second header; one file is one history');
    } else if (!this.intake.hasModel) this.intake.begin(line.model);
  }
}

/** Jepsen's maps, in a vector or one after the other. */
export class JepsenEdn implements Notation {
  private readonly intake: Intake;
  private readonly forms = new EdnForms((form, line) => this.take(form, line));
  private events: JepsenEvents | null = null;
  /** Where the map begins that is being looked at. */
  private formLine = 0;

  constructor(intake: Intake) {
    this.intake = intake;
  }

  get line(): number {
    return this.formLine === 0 ? this.forms.line : this.formLine;
  }

  push(text: string): void {
    this.forms.push(text);
  }

  end(): void {
    this.forms.end();
  }

  private take(form: string, line: number): void {
    this.formLine = line;
    this.events ??= new JepsenEvents(this.intake.demandFormat());
    const event = this.events.parse(form);
    if (event !== null) this.intake.record(event, line);
    this.formLine = 0;
  }
}
