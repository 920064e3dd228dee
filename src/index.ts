export { generate, type PlanOptions } from './scenario/generate.ts';
export { InputError, type Plan, parsePlan } from './scenario/plan.ts';
export { type Run, type RunStats, run, type TraceObserver, type Verdict } from './scenario/run.ts';
