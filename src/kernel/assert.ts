/**
 * A defect in zabox itself. A protocol that misbehaves is never reported this way: that is a
 * violation, and it is part of a run's result.
 */
export class Defect extends Error {
  override readonly name = 'Defect';
}

/** States what our own code may rely on. The text is constant, so a passing check costs nothing. */
export function assert(condition: boolean, text: string): asserts condition {
  if (!condition) throw new Defect(text);
}
