import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import { showValue } from '../phrases.ts';
import { textOf } from '../values.ts';
import { type Excerpts, type Judged, LOOKS_PER_STEP, returnOf } from './excerpts.ts';

/** A text of which something is known: how it begins, and what follows there in this order. */
interface Shown {
  readonly beginning: string;
  readonly pieces: readonly string[];
  /** Whether nothing that is shown has made or seen the text before. */
  readonly isFirst: boolean;
}

/**
 * Excerpts of a string. Whatever is appended by others may stand between what the excerpt appends.
 * A get proves something where all puts are there that its text may begin with: those that were asked
 * for before it ended, unless something in the excerpt comes between the two that replaces their text,
 * or does not show it. Other puts say nothing: their text is gone before anybody looks.
 */
export class StringExcerpts implements Excerpts {
  private readonly calls: readonly RecordedOperation[];
  private readonly texts: readonly string[];
  private readonly puts: readonly number[];
  private readonly appends: readonly number[];

  constructor(calls: readonly RecordedOperation[]) {
    this.calls = calls;
    this.texts = calls.map(({ f, input, output }) => String((f === 'get' ? output : input) ?? ''));
    const placesOf = (name: string): number[] => {
      return calls.flatMap(({ f }, call) => (f === name ? [call] : []));
    };
    this.puts = placesOf('put');
    this.appends = placesOf('append');
  }

  effort(count: number): number {
    return (this.calls.length + count * this.puts.length) / LOOKS_PER_STEP;
  }

  judged(excerpt: readonly number[]): Judged {
    const isThere = new Set(excerpt);
    const hidden = this.appends.filter((call) => !isThere.has(call));
    const begin = Math.min(...excerpt.map((call) => this.operation(call).invokedAt));
    const ends = excerpt.filter((call) => this.isGet(call)).map((call) => this.endOf(call));
    const end = Math.max(...ends);
    const early = hidden.filter((call) => this.operation(call).invokedAt < end);
    const others = this.othersOf(early);
    // What ended before all that is shown, cannot come behind any of it.
    const later = this.othersOf(early.filter((call) => this.endOf(call) > begin));
    const model: HistoryModel<Shown> = {
      name: 'kv',
      init: { beginning: '', pieces: [], isFirst: true },
      operations: { get: { isRead: true } },
      step: (state, operation) => step(state, operation, state.isFirst ? others : later),
      hash: textOf,
      describeState: describeShown,
    };
    const operations = excerpt
      .filter((call) => !this.isGet(call) || this.showsAllPuts(call, excerpt, isThere))
      .map((call) => this.operation(call));
    return { operations, model: model as HistoryModel<unknown> };
  }

  /** The last put that the text of each get may begin with. */
  context(excerpt: readonly number[]): number[] {
    return excerpt.flatMap((get) => {
      if (!this.isGet(get)) return [];
      const { returnedAt } = this.operation(get);
      const puts = this.puts.filter((put) => {
        return this.mayShow(get, put) && this.operation(put).invokedAt < returnedAt;
      });
      return puts.slice(-1);
    });
  }

  remarks(excerpt: readonly number[]): string[] {
    return excerpt.some((call) => this.isGet(call))
      ? ['What others have appended or put makes no difference here.']
      : [];
  }

  private othersOf(appends: readonly number[]): Others {
    const texts = new Set(appends.map((call) => this.texts[call] as string));
    texts.delete('');
    const lengths = [...new Set([...texts].map(({ length }) => length))];
    const letters = appends.reduce((sum, call) => sum + (this.texts[call] as string).length, 0);
    return { texts, lengths, letters };
  }

  private operation(call: number): RecordedOperation {
    return this.calls[call] as RecordedOperation;
  }

  private isGet(call: number): boolean {
    return this.calls[call]?.f === 'get';
  }

  private showsAllPuts(
    get: number,
    excerpt: readonly number[],
    isThere: ReadonlySet<number>,
  ): boolean {
    const { invokedAt, returnedAt } = this.operation(get);
    const before = excerpt.filter((call) => {
      return this.calls[call]?.f !== 'append' && this.endOf(call) < invokedAt;
    });
    return this.puts.every((put) => {
      if (isThere.has(put) || this.operation(put).invokedAt > returnedAt) return true;
      const isGone = (call: number): boolean => {
        const isLater = this.endOf(put) < this.operation(call).invokedAt;
        return isLater && !(this.isGet(call) && this.mayShow(call, put));
      };
      return !this.mayShow(get, put) || before.some(isGone);
    });
  }

  private mayShow(get: number, put: number): boolean {
    return this.texts[get]?.startsWith(this.texts[put] as string) === true;
  }

  private endOf(call: number): number {
    return returnOf(this.operation(call));
  }
}

/** What others may have appended: the texts, how long they are, and all of them together. */
interface Others {
  readonly texts: ReadonlySet<string>;
  readonly lengths: readonly number[];
  readonly letters: number;
}

function step(state: Shown, { f, input, output }: RecordedOperation, others: Others): Shown | null {
  if (f === 'put') return { beginning: String(input), pieces: [], isFirst: false };
  if (f === 'append') return { ...state, pieces: [...state.pieces, String(input)] };
  const text = String(output ?? '');
  if (!text.startsWith(state.beginning)) return null;
  const rest = text.slice(state.beginning.length);
  return isMadeOf(rest, state.pieces, others)
    ? { beginning: text, pieces: [], isFirst: false }
    : null;
}

/** Whether a text is the pieces one after the other, with texts of others before, between and behind. */
function isMadeOf(
  text: string,
  pieces: readonly string[],
  { texts, lengths, letters }: Others,
): boolean {
  const shown = pieces.reduce((sum, { length }) => sum + length, 0);
  if (text.length < shown || text.length > shown + letters) return false;
  const filled = pieces.filter((piece) => piece !== '');
  /** For each length of a beginning, how many pieces it may have come to. */
  const counts = Array.from({ length: text.length + 1 }, () => new Set<number>());
  counts[0]?.add(0);
  for (let at = 0; at < text.length; at++) {
    for (const count of counts[at] ?? []) {
      const next = filled[count];
      if (next !== undefined && text.startsWith(next, at)) {
        counts[at + next.length]?.add(count + 1);
      }
      for (const length of lengths) {
        if (texts.has(text.slice(at, at + length))) counts[at + length]?.add(count);
      }
    }
  }
  return counts[text.length]?.has(filled.length) === true;
}

function describeShown({ beginning, pieces }: Shown): string {
  const behind = pieces.length === 0 ? '' : `, then ${pieces.map(showValue).join(', then ')}`;
  return `the text is ${showValue(beginning)}${behind}`;
}
