/** Processor seconds of this process so far, all its threads: the machines are shared. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Processor seconds that `work` takes. */
export function timed(work: () => void): number {
  const before = cpuSeconds();
  work();
  return cpuSeconds() - before;
}

/** The median of several measurements, each made by calling `measure`. */
export function median(rounds: number, measure: () => number): number {
  const values = Array.from({ length: rounds }, measure).sort((a, b) => a - b);
  return values[Math.floor(rounds / 2)] as number;
}
