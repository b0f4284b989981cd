import { createCaller, type HookCaller, HookEntry } from "./caller.ts";
import {
  hookUnknown,
  nameTaken,
  notRegistered,
  pluginTwice,
  pluginUnnamed,
  specTwice,
} from "./errors.ts";
import {
  checkParameters,
  createImplementation,
  type HookImplementation,
  type MarkedFunction,
} from "./implementation.ts";
import { type Hookspec, hookimplOptions } from "./markers.ts";
import type { HookShapes } from "./types.ts";

/** Every hook by its name, ready to be called. */
export type HookRelay<Specs extends HookShapes<Specs>> = {
  readonly [Name in keyof Specs]: HookCaller<Specs[Name]>;
};

/** A registered plugin: its object, and what it implements. */
interface Registration {
  readonly plugin: object;
  readonly implementations: readonly HookImplementation[];
}

/** An implementation whose hook may be missing without that being an error. */
interface Candidate {
  readonly implementation: HookImplementation;
  readonly optional: boolean;
}

/** Keeps plugins, and calls what they implement. Has the semantics of Python's pluggy. */
export class PluginManager<Specs extends HookShapes<Specs>> {
  readonly project: string;
  readonly hook: HookRelay<Specs>;
  private readonly entries = new Map<string, HookEntry>();
  private readonly registrations = new Map<string, Registration>();

  /** `project` is the name that the marker of its implementations was made with. */
  constructor(project: string) {
    this.project = project;
    this.hook = {} as HookRelay<Specs>;
  }

  /** Adds hooks. Optional implementations that waited for them take part from now on. */
  addHookspecs(specs: { readonly [Name in keyof Specs]?: Hookspec }): void {
    const added = Object.entries<Hookspec | undefined>(specs).filter(isSpecified);
    for (const [name] of added) if (this.entries.has(name)) throw specTwice(name);
    const waiting = added.map(([name, spec]) => ({
      name,
      spec,
      found: this.implementationsOf(name),
    }));
    for (const { spec, found } of waiting) for (const one of found) checkParameters(one, spec);
    for (const { name, spec, found } of waiting) this.addEntry(name, spec, found);
  }

  /**
   * Registers a plugin (an object or a module whose marked functions implement hooks), gives back its name.
   * It is checked whole first: a plugin that is refused has changed nothing.
   */
  register(plugin: object, name: string): string {
    if (name === "") throw pluginUnnamed();
    if (this.registrations.has(name)) throw nameTaken(name);
    const registeredAs = this.getName(plugin);
    if (registeredAs !== undefined) throw pluginTwice(name, registeredAs);
    const candidates = findImplementations(this.project, plugin, name);
    for (const candidate of candidates) this.check(candidate);
    const implementations = candidates.map((candidate) => candidate.implementation);
    this.registrations.set(name, { plugin, implementations });
    for (const implementation of implementations) {
      this.entries.get(implementation.hook)?.add(implementation);
    }
    return name;
  }

  /** Removes a plugin and all that it implements; gives it back. */
  unregister(name: string): object {
    const registration = this.registrations.get(name);
    if (registration === undefined) throw notRegistered(name);
    for (const entry of this.entries.values()) entry.remove(name);
    this.registrations.delete(name);
    return registration.plugin;
  }

  /** The registered plugins by name, in the order of their registration. */
  getPlugins(): ReadonlyMap<string, object> {
    return new Map([...this.registrations].map(([name, { plugin }]) => [name, plugin]));
  }

  getPlugin(name: string): object | undefined {
    return this.registrations.get(name)?.plugin;
  }

  hasPlugin(name: string): boolean {
    return this.registrations.has(name);
  }

  /** The name that a plugin is registered under. */
  getName(plugin: object): string | undefined {
    return [...this.registrations].find(([, one]) => one.plugin === plugin)?.[0];
  }

  /** The names of the hooks that a registered plugin implements, in the order of its properties. */
  getHooks(name: string): string[] {
    const found = this.registrations.get(name)?.implementations ?? [];
    return found.map((one) => one.hook).filter((hook) => this.entries.has(hook));
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
    return [...this.entries.keys()];
  }

  private addEntry(name: string, spec: Hookspec, found: readonly HookImplementation[]): void {
    const entry = new HookEntry(name, spec);
    for (const implementation of found) entry.add(implementation);
    this.entries.set(name, entry);
    Object.assign(this.hook, { [name]: createCaller(entry) });
  }

  private check({ implementation, optional }: Candidate): void {
    const entry = this.entries.get(implementation.hook);
    if (entry !== undefined) checkParameters(implementation, entry.spec);
    else if (!optional) throw hookUnknown(implementation, this.hookNames());
  }

  private implementationsOf(hook: string): HookImplementation[] {
    return [...this.registrations.values()].flatMap(({ implementations }) =>
      implementations.filter((one) => one.hook === hook),
    );
  }
}

function isSpecified(entry: [string, Hookspec | undefined]): entry is [string, Hookspec] {
  return entry[1] !== undefined;
}

/** Every marked function among a plugin's properties, inherited ones too. */
function findImplementations(project: string, plugin: object, name: string): Candidate[] {
  const found: Candidate[] = [];
  for (const key of propertyNames(plugin)) {
    const value = read(plugin, key);
    const options = hookimplOptions(project, value);
    if (options === undefined) continue;
    const place = { plugin: name, hook: options.specname ?? key };
    const implementation = value as MarkedFunction["implementation"];
    found.push({
      implementation: createImplementation({ place, implementation, options, owner: plugin }),
      optional: options.optionalhook === true,
    });
  }
  return found;
}

function propertyNames(plugin: object): Set<string> {
  const names = new Set<string>();
  for (let level: object | null = plugin; level !== null && level !== Object.prototype; ) {
    for (const name of Object.getOwnPropertyNames(level)) names.add(name);
    level = Object.getPrototypeOf(level);
  }
  return names;
}

/** Modules that were bundled have accessors; one that throws holds no implementation. */
function read(plugin: object, key: string): unknown {
  try {
    return Reflect.get(plugin, key);
  } catch {
    return undefined;
  }
}
