/** Microseconds, the longest first. */
const UNITS = [
  ['h', 3_600_000_000],
  ['m', 60_000_000],
  ['s', 1_000_000],
  ['ms', 1000],
  ['us', 1],
] as const;

const PPM_PER_PERCENT = 10_000;

/** @returns microseconds; `null` if the text is no time like `250ms`, `1.5s` or `-2m` */
export function parseTime(text: string): number | null {
  const match = /^(-?\d+(?:\.\d+)?) ?(h|m|s|ms|us)$/.exec(text);
  const unit = UNITS.find(([name]) => name === match?.[2]);
  if (match === null || unit === undefined) return null;
  return wholeOrNull(Number(match[1]), unit[1]);
}

/** In the largest unit that leaves a whole number. */
export function formatTime(micros: number): string {
  const [name, size] = UNITS.find(([, size]) => micros % size === 0) ?? UNITS[4];
  return micros === 0 ? '0s' : `${micros / size}${name}`;
}

/** @returns parts per million; `null` if the text is no rate like `5%` or `0.01%` */
export function parseRate(text: string): number | null {
  const match = /^(-?\d+(?:\.\d+)?) ?%$/.exec(text);
  return match === null ? null : wholeOrNull(Number(match[1]), PPM_PER_PERCENT);
}

export function formatRate(ppm: number): string {
  return `${ppm / PPM_PER_PERCENT}%`;
}

/** So many times `size`; `null` if that is not whole. Rounding is undone exactly by a division. */
function wholeOrNull(value: number, size: number): number | null {
  // Never -0.
  const whole = Math.round(value * size) + 0;
  return whole / size === value ? whole : null;
}
