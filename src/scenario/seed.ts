/**
 * One spelling for each seed: `0x2a`, `42` and `042` are the same number and so the same seed; any
 * other text stands for itself.
 */
export function canonicalSeed(seed: string): string {
  return /^(\d+|0x[\da-f]+)$/i.test(seed) ? BigInt(seed.toLowerCase()).toString() : seed;
}

/** As reproduction lines show it: numbers in hexadecimal, other text as it is. */
export function displaySeed(seed: string): string {
  return /^\d+$/.test(seed) ? `0x${BigInt(seed).toString(16)}` : seed;
}
