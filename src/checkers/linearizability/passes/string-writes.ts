/**
 * What was written to a string, piece by piece. Every text that is made of pieces is made of them
 * in one way only, since each is written once and none begins with another.
 */
export class StringWrites {
  private readonly ids = new Map<string, number>();
  private readonly lengths: number[] = [];

  /** How many pieces there are; they are numbered from 1, in the order in which they were added. */
  get count(): number {
    return this.ids.size;
  }

  /** @returns whether it is new, and not empty */
  add(piece: string): boolean {
    if (piece === '' || this.ids.has(piece)) return false;
    this.ids.set(piece, this.ids.size + 1);
    if (!this.lengths.includes(piece.length)) this.lengths.push(piece.length);
    return true;
  }

  /** Whether no piece begins with another. To be asked when all are there. */
  areDistinct(): boolean {
    this.lengths.sort((a, b) => a - b);
    for (const piece of this.ids.keys()) {
      for (const length of this.lengths) {
        if (length >= piece.length) break;
        if (this.ids.has(piece.slice(0, length))) return false;
      }
    }
    return true;
  }

  /** The piece that stands at a place in a text, or -1. */
  pieceAt(text: string, start: number): number {
    const { lengths } = this;
    for (let place = 0; place < lengths.length; place++) {
      const length = lengths[place] as number;
      const id = this.ids.get(text.slice(start, start + length));
      if (id === undefined) continue;
      // The next piece is likely to be as long.
      lengths[place] = lengths[0] as number;
      lengths[0] = length;
      return id;
    }
    return -1;
  }
}
