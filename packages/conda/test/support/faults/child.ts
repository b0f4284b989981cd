/** Runs operations with faults, as it is told, and answers what came of each. */
import type { CondaEvent } from "../../../src/events.ts";
import { arm, expectFault, type Fault, stepsTaken } from "./arm.ts";
import { copyTree } from "./copy-tree.ts";
import { type OperationName, operations } from "./operations.ts";

export interface Outcome {
  readonly steps: number;
  /** The code of what was thrown. */
  readonly error?: string;
  /** The codes of warnings. */
  readonly warnings: readonly string[];
}

/** `watch`: before each of these steps `root` is copied, as a process that is killed there leaves it. */
type Wanted =
  | Exclude<Fault, { readonly how: "watch" }>
  | { readonly how: "watch"; readonly at: readonly number[]; readonly copies: string };

export type ChildRequest = Wanted & { readonly root: string; readonly operation: OperationName };

arm();
process.on("message", async (request: ChildRequest) => process.send?.(await outcomeOf(request)));

async function outcomeOf(request: ChildRequest): Promise<Outcome> {
  const warnings: string[] = [];
  const onEvent = (event: CondaEvent): void => {
    if (event.type === "warning") warnings.push(event.code);
  };
  expectFault(faultOf(request));
  try {
    await operations[request.operation].run(request.root, onEvent);
    return { steps: stepsTaken(), warnings };
  } catch (thrown) {
    const error = (thrown as { code?: string }).code ?? String(thrown);
    return { steps: stepsTaken(), warnings, error };
  }
}

function faultOf(request: ChildRequest): Fault {
  if (request.how !== "watch") return request;
  const { root, copies } = request;
  const at = new Set(request.at);
  const look = (step: number): void => {
    if (at.has(step)) copyTree(root, `${copies}/${step}`);
  };
  return { how: "watch", look };
}
