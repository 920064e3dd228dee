import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import { StringWrites } from '../passes/string-writes.ts';
import type { Excerpts, Judged } from './excerpts.ts';

/**
 * Excerpts of a string whose pieces are written once: what is appended but not shown is cut out of
 * the texts, and gets go with the put that their text begins with.
 */
export class StringExcerpts implements Excerpts {
  private readonly calls: readonly RecordedOperation[];
  private readonly model: HistoryModel<unknown>;
  private readonly writes = new StringWrites();
  /** By the numbers of pieces. */
  private readonly writers: number[] = [-1];

  private constructor(calls: readonly RecordedOperation[], model: HistoryModel<unknown>) {
    this.calls = calls;
    this.model = model;
  }

  /** @returns `null` if texts cannot be taken to pieces */
  static of(
    calls: readonly RecordedOperation[],
    model: HistoryModel<unknown>,
  ): StringExcerpts | null {
    const excerpts = new StringExcerpts(calls, model);
    return excerpts.readWrites() ? excerpts : null;
  }

  effort(): number {
    return 0;
  }

  judged(excerpt: readonly number[]): Judged {
    const isThere = new Set(excerpt);
    const operations = excerpt.flatMap((call): RecordedOperation[] => {
      const operation = this.calls[call] as RecordedOperation;
      if (operation.f !== 'get') return [operation];
      const output = this.textShown(String(operation.output ?? ''), isThere);
      return output === null ? [] : [{ ...operation, output }];
    });
    return { operations, model: this.model };
  }

  context(): number[] {
    return [];
  }

  remarks(excerpt: readonly number[]): string[] {
    const hasGet = excerpt.some((call) => this.calls[call]?.f === 'get');
    return hasGet ? ['What others appended to the texts shown here makes no difference.'] : [];
  }

  private readWrites(): boolean {
    for (let call = 0; call < this.calls.length; call++) {
      const { f, input } = this.calls[call] as RecordedOperation;
      if (f === 'get') continue;
      if (typeof input !== 'string' || !this.writes.add(input)) return false;
      this.writers.push(call);
    }
    return this.writes.areDistinct();
  }

  /** `null` if the text's put is not there. One that nobody can have written stays as it is. */
  private textShown(text: string, isThere: ReadonlySet<number>): string | null {
    let shown = '';
    for (let at = 0; at < text.length; ) {
      const piece = this.writes.pieceAt(text, at);
      const writer = this.writers[piece];
      if (writer === undefined) return text;
      const { f, input } = this.calls[writer] as RecordedOperation;
      if (f === 'put' && at > 0) return text;
      if (isThere.has(writer)) shown += String(input);
      else if (f === 'put') return null;
      at += String(input).length;
    }
    return shown;
  }
}
