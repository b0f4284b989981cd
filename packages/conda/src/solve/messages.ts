import { CondaError } from "../errors.ts";
import { causeText } from "../fetch/cause.ts";
import { redactText } from "../fetch/credentials.ts";
import { specName } from "../prefix/history.ts";
import type { VirtualPackage } from "../types.ts";

/** What a request was, beside its specs. */
export interface Circumstances {
  readonly machine?: readonly VirtualPackage[];
  /** Who asks, by spec. */
  readonly asking?: Readonly<Record<string, string>>;
}

/**
 * The packages asked for exclude one another, or the channels lack one. The solver's explanation is shown as
 * it is, and then who asks for what it names; where it asks for something of the machine (`__glibc`), what
 * this machine has is said as well.
 */
export function unsolvable(
  specs: readonly string[],
  explanation: string,
  { machine = [], asking = {} }: Circumstances = {},
): CondaError {
  const asked = new Set(explanation.match(/\b__\w+/g));
  const has = [...asked].map((name) => machineHas(name, machine));
  const named = new Set(explanation.toLowerCase().match(/[\w.-]+/g));
  const who = specs
    .filter((spec) => named.has(specName(spec)))
    .flatMap((spec) => (asking[spec] ? [`${asking[spec]} asks for ${spec}.`] : []));
  return new CondaError("CONDA_UNSOLVABLE", {
    message: redactText(
      [
        `No set of packages satisfies the request (${specs.join(", ")}):`,
        explanation,
        ...who,
        ...has,
      ].join("\n"),
    ),
    remedy:
      "Ask for another version of one of the packages named, or leave it out; or add the channel that has what is missing.",
  });
}

function machineHas(name: string, machine: readonly VirtualPackage[]): string {
  const found = machine.find((one) => one.name === name);
  return found === undefined
    ? `This machine has no ${name}.`
    : `This machine has ${name} ${found.version} (${found.build}).`;
}

export function specInvalid(spec: string, reason: string): CondaError {
  return new CondaError("CONDA_SPEC_INVALID", {
    message: redactText(`${JSON.stringify(spec)} is not a conda package specification: ${reason}`),
    remedy: 'Write it as conda does: "numpy", "numpy>=2", "python=3.13" or "conda-forge::numpy".',
  });
}

export function solveFailed(cause: unknown): CondaError {
  return new CondaError("CONDA_SOLVE_FAILED", {
    message: `The solver stopped: ${causeText(cause)}`,
    remedy:
      "Run the command again. If it fails in the same way, report it with the installer's log.",
    cause,
  });
}
