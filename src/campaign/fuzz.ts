import { PROPERTY_IDS } from '../checkers/tally.ts';
import type { Property } from '../checkers/violation.ts';
import { Defect } from '../kernel/assert.ts';
import { generate, type PlanOptions } from '../scenario/generate.ts';
import { reproductionLine } from '../scenario/reproduction.ts';
import { type Run, run, type Verdict } from '../scenario/run.ts';
import { canonicalSeed } from '../scenario/seed.ts';
import { GENERATED_GOALS } from '../scenario/statistics.ts';

/** A seed whose run broke a property. */
export interface Failure {
  readonly seed: string;
  readonly property: Property;
  readonly reproduce: string;
}

/** What a campaign has found out so far. */
export interface CampaignReport {
  /** Seeds that were run. */
  readonly seeds: number;
  readonly passed: number;
  readonly violated: number;
  readonly unknown: number;
  /** In the order of their seeds. */
  readonly failures: readonly Failure[];
  /** Events of all runs together. */
  readonly events: number;
  readonly wallMicros: number;
  readonly seedsPerSecond: number;
  /** In how many runs each of the things happened that a campaign should come to. */
  readonly reached: Readonly<Record<string, number>>;
  /**
   * In how many runs each property was put to the test. One with a zero was not tested at all; what
   * is not judged is left out.
   */
  readonly checked: Readonly<Partial<Record<Property, number>>>;
}

/** What a campaign comes to: its worst run; or nothing, if no run put a property to the test. */
export type CampaignVerdict = Verdict | 'nothing proved';

export function campaignVerdict({ violated, unknown, reached }: CampaignReport): CampaignVerdict {
  if (violated > 0) return 'violation';
  if (unknown > 0) return 'unknown';
  const hasCommitted = (reached['txn-committed'] ?? 0) > 0;
  const hasStruck = Object.entries(reached).some(([name, runs]) => {
    return name.startsWith('fault-') && runs > 0;
  });
  return hasCommitted && hasStruck ? 'pass' : 'nothing proved';
}

export interface CampaignOptions {
  readonly seeds: number;
  /** The first seed; the others count on from it. */
  readonly seedStart: string;
  readonly plan: PlanOptions;
  /** Properties that are not judged. */
  readonly without?: readonly Property[];
}

/** One seed in so many is run a second time, and must come to the same digest. */
const RECHECK_INTERVAL = 100;

/** How long a campaign runs before it lets signals and the progress bar have their turn. */
const SLICE_MS = 50;

/**
 * Runs many seeds, one after the other.
 *
 * @param onProgress is told after every slice; answers whether to go on
 * @throws {@link Defect} when a seed gives two different digests
 */
export async function fuzz(
  options: CampaignOptions,
  onProgress: (report: CampaignReport) => boolean,
): Promise<CampaignReport> {
  const { plan, without = [] } = options;
  const tally = new Tally(without);
  let sliceEnd = performance.now() + SLICE_MS;
  for (let n = 0; n < options.seeds; n++) {
    const seed = nthSeed(options.seedStart, n);
    const result = run(generate(seed, plan), undefined, { without });
    tally.add(seed, result, reproductionLine(seed, plan, without));
    if (n % RECHECK_INTERVAL === 0) recheck(seed, result, without);
    if (performance.now() < sliceEnd) continue;
    if (!onProgress(tally.report())) break;
    await new Promise((resolve) => setImmediate(resolve));
    sliceEnd = performance.now() + SLICE_MS;
  }
  return tally.report();
}

/** Seeds that are numbers count on; to any other the number is appended. */
function nthSeed(start: string, n: number): string {
  const first = canonicalSeed(start);
  if (/^\d+$/.test(first)) return (BigInt(first) + BigInt(n)).toString();
  return n === 0 ? first : `${first}-${n}`;
}

function recheck(seed: string, { plan, digest }: Run, without: readonly Property[]): void {
  const again = run(plan, undefined, { without }).digest;
  if (again !== digest) {
    throw new Defect(`seed ${seed} gave digest ${digest}, and ${again} when it was run again`);
  }
}

class Tally {
  private readonly startedAt = performance.now();
  private seeds = 0;
  private passed = 0;
  private violated = 0;
  private unknown = 0;
  private events = 0;
  private readonly failures: Failure[] = [];
  /** What no run comes to is listed too, with a zero. */
  private readonly reached = new Map<string, number>(
    GENERATED_GOALS.map((name): [string, number] => [name, 0]),
  );
  private readonly checked: Map<Property, number>;

  constructor(without: readonly Property[]) {
    const judged = PROPERTY_IDS.filter((property) => !without.includes(property));
    this.checked = new Map(judged.map((property) => [property, 0]));
  }

  add(seed: string, result: Run, reproduce: string): void {
    this.seeds++;
    this.events += result.events;
    if (result.verdict === 'pass') this.passed++;
    else if (result.verdict === 'unknown') this.unknown++;
    else this.violated++;
    const [violation] = result.violations;
    if (violation !== undefined) {
      this.failures.push({ seed, property: violation.property, reproduce });
    }
    for (const [name, count] of Object.entries(result.stats.reached)) {
      this.reached.set(name, (this.reached.get(name) ?? 0) + (count > 0 ? 1 : 0));
    }
    for (const [property, runs] of this.checked) {
      if ((result.stats.checked[property] ?? 0) > 0) this.checked.set(property, runs + 1);
    }
  }

  report(): CampaignReport {
    const wallMs = performance.now() - this.startedAt;
    return {
      seeds: this.seeds,
      passed: this.passed,
      violated: this.violated,
      unknown: this.unknown,
      failures: [...this.failures],
      events: this.events,
      wallMicros: Math.round(wallMs * 1000),
      seedsPerSecond: Math.round((this.seeds / wallMs) * 1e6) / 1000,
      reached: Object.fromEntries([...this.reached].sort(([a], [b]) => (a < b ? -1 : 1))),
      checked: Object.fromEntries(this.checked),
    };
  }
}
