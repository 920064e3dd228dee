export type { Bug } from './bugs/bug.ts';
export { BUGS } from './bugs/catalogue.ts';
export {
  type CampaignOptions,
  type CampaignReport,
  type CampaignVerdict,
  campaignVerdict,
  type Failure,
  fuzz,
} from './campaign/fuzz.ts';
export { type Check, type Consistency, newCheck } from './checkers/consistency/judge.ts';
export { checkHistory, HistoryCheck } from './checkers/linearizability/history-check.ts';
export type { HistoryModel, OperationTraits } from './checkers/linearizability/model.ts';
export { HISTORY_MODELS } from './checkers/linearizability/models/models.ts';
export type { Outcome, RecordedOperation } from './checkers/linearizability/operation.ts';
export type {
  CheckOptions,
  CheckResult,
  Evidence,
  Progress,
} from './checkers/linearizability/result.ts';
export { PROPERTIES, type Property, type Violation } from './checkers/violation.ts';
export { TRIGGER_NAMES } from './faults/event-names.ts';
export type { Fault, FaultAction, FaultKind, When, Whom } from './faults/fault.ts';
export { CORRECT_SERVER_RULES, type ServerRules, type ServiceRules } from './keeper/rules.ts';
export { Defect } from './kernel/assert.ts';
export { beyondBudget } from './scenario/budget.ts';
export { after, at, on, type WrittenWhen } from './scenario/builder.ts';
export { differences, type Expectation } from './scenario/expectation.ts';
export { generate, type PlanOptions } from './scenario/generate.ts';
export { InputError } from './scenario/input-error.ts';
export { type Plan, parsePlan } from './scenario/plan.ts';
export { type Run, type RunStats, run, type TraceObserver, type Verdict } from './scenario/run.ts';
export {
  type Scenario,
  scenario,
  scenarioJsonSchema,
  type WrittenScenario,
} from './scenario/scenario.ts';
export { formatScenario, parseScenario } from './scenario/scenario-file.ts';
export type { WorkloadSettings } from './workload/settings.ts';
export type { Rules } from './zab/rules.ts';
