import { InputError } from '../scenario/input-error.ts';
import { EDN_EXAMPLE } from './edn-forms.ts';
import { Mistake } from './event.ts';
import { Intake, type RecordedHistory } from './intake.ts';
import { JSON_EXAMPLE } from './json-lines.ts';
import { JepsenEdn, JsonLines, type Notation } from './notation.ts';

/** Enough of a file to tell how it is written. */
const TELLING = /^\s*(?:[[(]\s*)?(?:\{\s*\S|[^{[(\s])/;

export interface ReaderOptions {
  /** The model, whatever the file says; to be given where the file says nothing. */
  readonly model?: string;
  /** More operations are refused. */
  readonly operationsMax?: number;
}

/**
 * Reads a history piece by piece from bytes of UTF-8, never holding more of them than a line. What
 * begins like an object of JSON is JSON lines, all else EDN.
 *
 * All that is wrong is an {@link InputError}: `file:line: what; what would be right`.
 */
export class HistoryReader {
  private readonly file: string;
  private readonly intake: Intake;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private notation: Notation | null = null;
  /** What came before the notation was known. */
  private beginning = '';

  constructor(file: string, { model, operationsMax }: ReaderOptions = {}) {
    this.file = file;
    this.intake = new Intake(operationsMax ?? Number.POSITIVE_INFINITY);
    if (model !== undefined) this.located(() => this.intake.begin(model));
  }

  /** The line that is being read, from 1. */
  get line(): number {
    return this.notation?.line ?? 1;
  }

  push(bytes: Uint8Array): void {
    this.located(() => {
      let text: string;
      try {
        text = this.decoder.decode(bytes, { stream: true });
      } catch {
        throw this.misencoded(bytes);
      }
      this.take(text);
    });
  }

  end(): RecordedHistory {
    return this.located(() => {
      this.endText();
      const notation = this.notation ?? this.choose();
      notation.end();
      return this.intake.end();
    });
  }

  private take(text: string): void {
    if (this.notation !== null) {
      this.notation.push(text);
      return;
    }
    this.beginning += text;
    if (TELLING.test(this.beginning)) this.choose();
  }

  private choose(): Notation {
    const text = this.beginning;
    if (text.trim() === '') throw new Mistake('is empty; a history has a header and events');
    if (/^\s*\[\s*\{\s*"/.test(text)) throw new Mistake('is a JSON array; write one object a line');
    if (!/^\s*[{[(#;]/.test(text)) {
      throw new Mistake(`is neither JSON lines like ${JSON_EXAMPLE} nor EDN like ${EDN_EXAMPLE}`);
    }
    const isJson = /^\s*\{\s*["}]/.test(text);
    const notation = isJson ? new JsonLines(this.intake) : new JepsenEdn(this.intake);
    this.notation = notation;
    notation.push(text);
    return notation;
  }

  /** What comes before the bytes that mean nothing is read first: it may have a mistake too. */
  private misencoded(bytes: Uint8Array): Mistake {
    const [good = ''] = new TextDecoder().decode(bytes).split('\ufffd');
    this.take(good);
    return new Mistake('is not UTF-8');
  }

  private endText(): void {
    try {
      this.decoder.decode();
    } catch {
      throw new Mistake('ends inside a character of UTF-8');
    }
  }

  private located<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof Mistake) {
        throw new InputError(`${this.file}:${this.line}: ${error.message}`);
      }
      throw error;
    }
  }
}
