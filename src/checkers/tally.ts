import { PROPERTIES, type Property } from './violation.ts';

/** The promises of a run, in the order in which they are listed. */
export const PROPERTY_IDS = Object.keys(PROPERTIES) as readonly Property[];

/**
 * Which properties of a run are judged, and how often each was put to the test. What holds because
 * there was nothing to judge has proved nothing.
 */
export class Tally {
  private readonly counts = new Map<Property, number>();

  /** @param without what is not judged */
  constructor(without: readonly Property[] = []) {
    for (const property of PROPERTY_IDS) {
      if (!without.includes(property)) this.counts.set(property, 0);
    }
  }

  /** Whether anything is judged at all. */
  get judgesAnything(): boolean {
    return this.counts.size > 0;
  }

  judges(property: Property): boolean {
    return this.counts.has(property);
  }

  count(property: Property, times = 1): void {
    const before = this.counts.get(property);
    if (before !== undefined) this.counts.set(property, before + times);
  }

  /** A finding of a property that is judged; `null` for others. */
  keep<Finding extends { readonly property: Property }>(finding: Finding | null): Finding | null {
    return finding !== null && this.judges(finding.property) ? finding : null;
  }

  /** By their names: how often each property that is judged was put to the test. */
  toRecord(): Partial<Record<Property, number>> {
    return Object.fromEntries(this.counts);
  }
}
