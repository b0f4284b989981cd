/** Runs an operation with a fault, and writes what came of it as a line of JSON. */
import type { CondaEvent } from "../../../src/events.ts";
import { arm, type Fault } from "./arm.ts";
import { type OperationName, operations } from "./operations.ts";

export interface Outcome {
  readonly steps: number;
  /** The code of what was thrown. */
  readonly error?: string;
  /** The codes of warnings. */
  readonly warnings: readonly string[];
}

export interface ChildRequest extends Fault {
  readonly root: string;
  readonly operation: OperationName;
}

const request = JSON.parse(process.argv[2] ?? "") as ChildRequest;
const warnings: string[] = [];
const onEvent = (event: CondaEvent): void => {
  if (event.type === "warning") warnings.push(event.code);
};
const steps = arm(request);
let error: string | undefined;
try {
  await operations[request.operation].run(request.root, onEvent);
} catch (thrown) {
  error = (thrown as { code?: string }).code ?? String(thrown);
}
const outcome: Outcome = { steps: steps(), warnings, ...(error !== undefined && { error }) };
process.stdout.write(`${JSON.stringify(outcome)}\n`);
