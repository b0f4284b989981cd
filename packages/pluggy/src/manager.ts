import { createCaller, type HookCaller } from "./caller.ts";
import { findImplementations } from "./discover.ts";
import { HookEntry, HookSubset } from "./entry.ts";
import {
  hookUnknown,
  nameTaken,
  noSuchHook,
  notRegistered,
  pluginInvalid,
  pluginTwice,
  pluginUnnamed,
  specTwice,
} from "./errors.ts";
import type { HookImplementation } from "./implementation.ts";
import { type Hookspec, markOf } from "./markers.ts";
import { type AfterCall, type BeforeCall, Monitoring } from "./monitoring.ts";
import { canonicalName, isObject } from "./names.ts";
import { createTracer } from "./trace.ts";
import type { HookName, HookShapes } from "./types.ts";
import { checkAgainst, warningsOf } from "./validation.ts";
import { emitWarning, type WarningSink } from "./warnings.ts";

/** Every hook by its name, ready to be called. */
export type HookRelay<Specs extends HookShapes<Specs>> = {
  readonly [Name in keyof Specs]: HookCaller<Specs[Name]>;
};

export interface PluginManagerOptions {
  /**
   * What becomes of an implementation of a hook that is not specified and not optional: it is refused (the
   * default), or waits, as in pluggy, for its specification or for `checkPending`, and can be called.
   */
  readonly unknownHooks?: "refuse" | "wait";
  /** Where warnings go; to the process's own by default. */
  readonly onWarning?: WarningSink;
}

/** A registered plugin: its object, and what it implements. */
interface Registration {
  readonly name: string;
  readonly plugin: object;
  readonly implementations: readonly HookImplementation[];
}

/** Keeps plugins, and calls what they implement. Has the semantics of Python's pluggy. */
export class PluginManager<Specs extends HookShapes<Specs>> {
  readonly project: string;
  readonly hook: HookRelay<Specs>;
  private readonly mark: symbol;
  private readonly options: Required<PluginManagerOptions>;
  private readonly monitoring = new Monitoring();
  /** By hook: the specified ones, and those that implementations wait for. */
  private readonly entries = new Map<string, HookEntry>();
  private readonly registrations = new Map<string, Registration>();
  private readonly names = new Map<object, string>();
  private readonly blocked = new Set<string>();

  /** `project` is the name that the marker of its implementations was made with. */
  constructor(project: string, options: PluginManagerOptions = {}) {
    this.project = project;
    this.mark = markOf(project);
    this.options = { unknownHooks: "refuse", onWarning: emitWarning, ...options };
    this.hook = Object.create(null) as HookRelay<Specs>;
  }

  /** Adds hooks. Implementations that waited for them are checked, before any is added. */
  addHookspecs(specs: { readonly [Name in keyof Specs]?: Hookspec }): void {
    const added = Object.entries<Hookspec | undefined>(specs).filter(isSpecified);
    for (const [name] of added) if (this.entries.get(name)?.spec) throw specTwice(name);
    for (const [name, spec] of added) {
      for (const one of this.entries.get(name)?.implementations ?? []) checkAgainst(one, spec);
    }
    for (const [name, spec] of added) {
      const entry = this.entryOf(name);
      entry.specify(spec);
      for (const one of entry.implementations) this.warnOf(one, spec);
    }
  }

  /**
   * Registers a plugin (an object or a module whose marked functions implement hooks), gives back its name,
   * by default the canonical one; null if that is blocked.
   * It is checked whole first: a plugin that is refused has changed nothing.
   */
  register(plugin: object, name: string = canonicalName(plugin)): string | null {
    if (name === "") throw pluginUnnamed();
    if (!isObject(plugin)) throw pluginInvalid(name, plugin);
    if (this.blocked.has(name)) return null;
    if (this.registrations.has(name)) throw nameTaken(name);
    const registeredAs = this.names.get(plugin);
    if (registeredAs !== undefined) throw pluginTwice(name, registeredAs);
    const implementations = findImplementations(this.mark, plugin, name);
    for (const implementation of implementations) this.check(implementation);
    this.enter({ name, plugin, implementations });
    return name;
  }

  /** Removes a plugin, given by name or as object, and all that it implements; gives it back. */
  unregister(plugin: string | object): object {
    const registration = this.registrationOf(plugin);
    if (registration === undefined) {
      throw notRegistered(typeof plugin === "string" ? plugin : canonicalName(plugin));
    }
    this.leave(registration);
    return registration.plugin;
  }

  /** Lets no plugin of this name be registered; one that is registered is removed. */
  setBlocked(name: string): void {
    if (this.registrations.has(name)) this.unregister(name);
    this.blocked.add(name);
  }

  isBlocked(name: string): boolean {
    return this.blocked.has(name);
  }

  /** Says whether the name was blocked. */
  unblock(name: string): boolean {
    return this.blocked.delete(name);
  }

  /** The registered plugins by name, in the order of their registration. */
  getPlugins(): ReadonlyMap<string, object> {
    return new Map(this.listNamePlugin());
  }

  /** Name and plugin of each registered plugin, in the order of their registration. */
  listNamePlugin(): [name: string, plugin: object][] {
    return [...this.registrations.values()].map(({ name, plugin }) => [name, plugin]);
  }

  getPlugin(name: string): object | undefined {
    return this.registrations.get(name)?.plugin;
  }

  hasPlugin(name: string): boolean {
    return this.registrations.has(name);
  }

  isRegistered(plugin: object): boolean {
    return this.names.has(plugin);
  }

  /** The name that a plugin is registered under. */
  getName(plugin: object): string | undefined {
    return this.names.get(plugin);
  }

  /** The name that a plugin is registered under if none is given: its own `name`, or one made up for the object. */
  getCanonicalName(plugin: object): string {
    return canonicalName(plugin);
  }

  /** The names of the hooks that a registered plugin implements, in the order of its properties. */
  getHooks(name: string): string[] {
    const registration = this.registrations.get(name);
    const hooks = registration ? hooksOf(registration) : [];
    return hooks.filter((hook) => this.entries.get(hook)?.spec);
  }

  /** The callers of the hooks that a plugin, given by name or as object, implements; undefined if it is not registered. */
  getHookCallers(plugin: string | object): HookRelay<Specs>[keyof Specs][] | undefined {
    const registration = this.registrationOf(plugin);
    return registration && hooksOf(registration).map((hook) => this.hook[hook as keyof Specs]);
  }

  /** What a registered plugin implements, in the order of its properties, with its place in the order of calls. */
  getImplementations(
    name: string,
  ): readonly Pick<HookImplementation, "hook" | "tryfirst" | "trylast">[] {
    const found = this.registrations.get(name)?.implementations ?? [];
    return found.filter(({ hook }) => this.entries.has(hook));
  }

  /** The names of all hooks, in the order of their specification. */
  hookNames(): string[] {
    return [...this.entries.values()].filter((entry) => entry.spec).map((entry) => entry.hook);
  }

  /**
   * Calls a hook without some plugins, given by name or as objects. The view is live: it sees what is
   * registered and unregistered later.
   */
  subsetHookCaller<Name extends HookName<Specs>>(
    name: Name,
    removePlugins: Iterable<string | object>,
  ): HookCaller<Specs[Name]> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw noSuchHook(name, this.hookNames());
    return createCaller(new HookSubset(entry, removePlugins)) as never;
  }

  /** Throws for the first implementation that waits for a specification and is not optional. */
  checkPending(): void {
    const waiting = [...this.entries.values()].filter((entry) => entry.spec === undefined);
    for (const one of waiting.flatMap((entry) => entry.implementations)) {
      if (!one.optionalhook) throw hookUnknown(one, this.hookNames());
    }
  }

  /**
   * Has `before` and `after` called around every call of every hook, those of history too, whichever way it is
   * called. Gives back what ends that.
   */
  addHookcallMonitoring(before: BeforeCall, after: AfterCall): () => void {
    return this.monitoring.add(before, after);
  }

  /** Tells every call in lines, with arguments and results: these may be secret. Gives back what ends that. */
  enableTracing(write: (line: string) => void): () => void {
    const { before, after } = createTracer(write);
    return this.monitoring.add(before, after);
  }

  private registrationOf(plugin: string | object): Registration | undefined {
    const name = typeof plugin === "string" ? plugin : this.names.get(plugin);
    return name === undefined ? undefined : this.registrations.get(name);
  }

  private check(implementation: HookImplementation): void {
    const spec = this.entries.get(implementation.hook)?.spec;
    if (spec !== undefined) checkAgainst(implementation, spec);
    else if (!implementation.optionalhook && this.options.unknownHooks === "refuse") {
      throw hookUnknown(implementation, this.hookNames());
    }
  }

  /** Puts a checked plugin in its place. If it fails in a historic call it is out again. */
  private enter(registration: Registration): void {
    const { name, plugin, implementations } = registration;
    this.registrations.set(name, registration);
    this.names.set(plugin, name);
    try {
      for (const implementation of implementations) this.enterOne(registration, implementation);
    } catch (error) {
      if (this.registrations.get(name) === registration) this.leave(registration);
      throw error;
    }
  }

  private enterOne(registration: Registration, implementation: HookImplementation): void {
    const entry = this.entryOf(implementation.hook);
    if (entry.spec) this.warnOf(implementation, entry.spec);
    entry.replay(implementation);
    // In a historic call it may have had itself removed.
    if (this.registrations.get(registration.name) === registration) entry.add(implementation);
  }

  private leave(registration: Registration): void {
    const { name, plugin } = registration;
    this.registrations.delete(name);
    this.names.delete(plugin);
    for (const hook of hooksOf(registration)) {
      const entry = this.entries.get(hook);
      entry?.remove(name);
      if (entry?.spec === undefined && entry?.implementations.length === 0) this.forget(hook);
    }
  }

  private entryOf(hook: string): HookEntry {
    const present = this.entries.get(hook);
    if (present !== undefined) return present;
    const { monitoring, options } = this;
    const entry = new HookEntry({ hook, monitoring, warn: options.onWarning });
    this.entries.set(hook, entry);
    Object.assign(this.hook, { [hook]: createCaller(entry) });
    return entry;
  }

  /** Drops a hook that was never specified and that nothing implements any more. */
  private forget(hook: string): void {
    this.entries.delete(hook);
    Reflect.deleteProperty(this.hook, hook);
  }

  private warnOf(implementation: HookImplementation, spec: Hookspec): void {
    if (spec.warnOnImpl === undefined && spec.warnOnImplArgs === undefined) return;
    for (const warning of warningsOf(implementation, spec)) this.options.onWarning(warning);
  }
}

function hooksOf({ implementations }: Registration): string[] {
  return [...new Set(implementations.map((one) => one.hook))];
}

function isSpecified(entry: [string, Hookspec | undefined]): entry is [string, Hookspec] {
  return entry[1] !== undefined;
}
