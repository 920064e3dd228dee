interface HeapEvent {
  readonly at: number;
  readonly seq: number;
  readonly payload: object;
}

/** A binary heap of event objects, ordered by time and number: what one writes first. */
export class ObjectHeap {
  /** When the event popped last was due. */
  at = 0;
  private readonly items: HeapEvent[] = [];
  private seq = 0;

  push(at: number, payload: object): void {
    const { items } = this;
    const event = { at, seq: this.seq++, payload };
    let hole = items.length;
    items.push(event);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = items[parent] as HeapEvent;
      if (precedes(above, event)) break;
      items[hole] = above;
      hole = parent;
    }
    items[hole] = event;
  }

  pop(): object | null {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined) return null;
    this.at = first.at;
    if (items.length > 0) this.sink(last);
    return first.payload;
  }

  private sink(event: HeapEvent): void {
    const { items } = this;
    const { length } = items;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= length) break;
      let below = items[child] as HeapEvent;
      if (child + 1 < length) {
        const right = items[child + 1] as HeapEvent;
        if (precedes(right, below)) {
          child++;
          below = right;
        }
      }
      if (precedes(event, below)) break;
      items[hole] = below;
      hole = child;
    }
    items[hole] = event;
  }
}

function precedes(a: HeapEvent, b: HeapEvent): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq);
}
