import {
  argumentsNotDestructured,
  argumentUnknown,
  historicWrapped,
  wrapperNotGenerator,
  wrapperOfBothKinds,
} from "./errors.ts";
import type { HookImplementation, MarkedFunction } from "./implementation.ts";
import type { Hookspec } from "./markers.ts";
import { argumentDiscouraged, hookDiscouraged, type PluggyWarning } from "./warnings.ts";

/** What can be said of an implementation by itself. */
export function checkKind(
  implementation: HookImplementation,
  { wrapper, hookwrapper }: MarkedFunction["options"],
): void {
  if (wrapper === true && hookwrapper === true) throw wrapperOfBothKinds(implementation);
  if (implementation.kind !== "plain" && implementation.generator === undefined) {
    throw wrapperNotGenerator(implementation);
  }
}

/** Throws unless an implementation fits the specification of its hook. */
export function checkAgainst(implementation: HookImplementation, spec: Hookspec): void {
  if (spec.historic && implementation.kind !== "plain") throw historicWrapped(implementation);
  checkParameters(implementation, spec);
}

/**
 * Throws unless every argument asked for is one of the hook's.
 * One with a default may be asked for in any case: it keeps its default where the hook lacks it.
 */
function checkParameters(implementation: HookImplementation, spec: Hookspec): void {
  const { parameters } = implementation;
  if (parameters.kind === "whole" && spec.arguments.includes(parameters.name)) {
    throw argumentsNotDestructured(implementation, parameters.name, spec.arguments);
  }
  if (parameters.kind !== "named") return;
  const { required } = parameters;
  const unknown = required.filter((name) => !spec.arguments.includes(name));
  if (unknown.length > 0) throw argumentUnknown(implementation, unknown, spec.arguments);
}

/** What the specification of its hook has to say of an implementation that fits it. */
export function warningsOf(implementation: HookImplementation, spec: Hookspec): PluggyWarning[] {
  const { warnOnImpl, warnOnImplArgs = {} } = spec;
  const { parameters } = implementation;
  const warnings: PluggyWarning[] = [];
  if (warnOnImpl !== undefined) warnings.push(hookDiscouraged(implementation, warnOnImpl));
  const asked = parameters.kind === "named" ? parameters.required : [];
  for (const name of asked) {
    const reason = Object.hasOwn(warnOnImplArgs, name) ? warnOnImplArgs[name] : undefined;
    if (reason !== undefined) warnings.push(argumentDiscouraged(implementation, name, reason));
  }
  return warnings;
}
