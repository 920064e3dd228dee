/** A plan, or anything else that a user gave, is not what it should be: one line. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
