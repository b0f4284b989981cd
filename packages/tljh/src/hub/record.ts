import { nearest } from "../config/near.ts";
import { changeUnsupported, classInvalid, type Setting, valueUnknown } from "../errors/hub.ts";
import type { JupyterHubConfig } from "../hooks.ts";
import type { Assignment } from "./assignments.ts";
import { KnownConfig, lazyMethods, type Method } from "./known.ts";
import { type LiveHooks, LiveSet, liveValue } from "./live.ts";
import { plainData, Unset } from "./plain-data.ts";

export interface Recording {
  /** What a plugin is given: JupyterHub's configuration, on which it sets values and calls methods. */
  readonly c: JupyterHubConfig;
  /** What the plugin did, in order. */
  readonly assignments: readonly Assignment[];
}

/**
 * A `c` that writes down what a plugin does to it. What was assigned before can be read and is changed in
 * place; of anything else only Python's methods can be called, as on traitlets' lazy values.
 */
export function recordConfig(before: readonly Assignment[] = [], plugin = "unnamed"): Recording {
  const recorder = new Recorder(before, plugin);
  return { c: recorder.config(), assignments: recorder.assignments };
}

/** Properties that JavaScript itself looks for on any object. */
const isIncidental = (name: string | symbol): name is symbol =>
  typeof name === "symbol" ||
  ["then", "toJSON", "constructor", "$$typeof", "nodeType"].includes(name);

class Recorder {
  readonly assignments: Assignment[] = [];
  readonly #known: KnownConfig;
  readonly #plugin: string;

  constructor(before: readonly Assignment[], plugin: string) {
    this.#known = new KnownConfig(before);
    this.#plugin = plugin;
  }

  /** `c` itself. */
  config(): JupyterHubConfig {
    return new Proxy<JupyterHubConfig>(Object.create(null), {
      ...this.#listing(() => this.#known.classes()),
      get: (_, name) => (isIncidental(name) ? undefined : this.#section(name)),
      set: (_, name, value) => {
        Object.assign(this.#section(String(name)), value);
        return true;
      },
      deleteProperty: (_, name) => {
        throw changeUnsupported({ plugin: this.#plugin, name: `c.${String(name)}` }, "deletes");
      },
    });
  }

  /** `c.<Class>`. */
  #section(className: string): object {
    if (className[0] !== className[0]?.toUpperCase()) {
      const near = nearest(className, [...this.#known.classes(), "JupyterHub", "Spawner"], 1);
      throw classInvalid(this.#plugin, className, near ?? sameLetters(className, this.#known));
    }
    return new Proxy({} as object, {
      ...this.#listing(() => this.#known.traits(className)),
      get: (_, trait) => (isIncidental(trait) ? undefined : this.#read(className, trait)),
      set: (_, trait, value) => {
        this.#assign(className, String(trait), value);
        return true;
      },
      deleteProperty: (_, trait) => {
        throw changeUnsupported(this.#setting(className, String(trait)), "deletes");
      },
    });
  }

  /** `in` and `Object.keys`. */
  #listing(names: () => string[]) {
    return {
      has: (_: object, name: string | symbol) => names().includes(String(name)),
      ownKeys: names,
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    };
  }

  #setting(className: string, trait: string): Setting {
    return { plugin: this.#plugin, name: `c.${className}.${trait}` };
  }

  #assign(className: string, trait: string, value: unknown): void {
    const assignment = this.#assignment(className, trait, value);
    this.assignments.push(assignment);
    this.#known.apply(assignment);
  }

  #assignment(className: string, trait: string, value: unknown): Assignment {
    const isSet = value instanceof Set;
    const data = plainData(isSet ? [...value] : value, this.#setting(className, trait));
    const assignment = { class: className, trait, plugin: this.#plugin, value: data };
    return isSet ? { ...assignment, kind: "set" } : assignment;
  }

  #call(className: string, trait: string, method: Method, args: readonly unknown[]): void {
    const setting = this.#setting(className, trait);
    const data = args.map((argument) =>
      plainData(argument instanceof Set ? [...argument] : argument, setting),
    );
    const call = { class: className, trait, plugin: this.#plugin, method, arguments: data };
    this.assignments.push(call);
    this.#known.apply(call);
  }

  #read(className: string, trait: string): unknown {
    const value = this.#known.get(className, trait);
    const call = (method: Method, args: readonly unknown[]) =>
      this.#call(className, trait, method, args);
    if (!this.#known.has(className, trait))
      return this.#lazy(this.#setting(className, trait), call);
    if (value instanceof Set) return new LiveSet(value, call);
    if (typeof value !== "object" || value === null) return value;
    return liveValue(value, { call, changed: () => this.#changed(className, trait, value) });
  }

  /** JupyterHub is handed a known value anew. `list.splice(…)` is many changes: only the last state counts. */
  #changed(className: string, trait: string, value: object): void {
    const last = this.assignments.at(-1);
    const again = last?.class === className && last.trait === trait && last.method === undefined;
    if (again) this.assignments.pop();
    this.assignments.push(this.#assignment(className, trait, value));
  }

  /** A trait that nobody has assigned: JupyterHub applies the methods to its default. */
  #lazy(setting: Setting, call: LiveHooks["call"]): object {
    return new Proxy(new Unset(), {
      get: (_, name) => {
        if (name === Symbol.iterator) throw valueUnknown(setting, "the items");
        if (isIncidental(name)) return undefined;
        if (name === "push")
          return (...items: unknown[]) => {
            for (const item of items) call("append", [item]);
          };
        const method = lazyMethods.find((one) => one === name);
        if (method === undefined) throw valueUnknown(setting, name);
        return (...args: unknown[]) => call(method, args);
      },
      set: (_, name, value) => {
        call("update", [{ [String(name)]: value }]);
        return true;
      },
      ownKeys: () => {
        throw valueUnknown(setting, "the keys");
      },
      has: () => {
        throw valueUnknown(setting, "the keys");
      },
      deleteProperty: () => {
        throw changeUnsupported(setting, "deletes a part of");
      },
    });
  }
}

const sameLetters = (name: string, known: KnownConfig) =>
  known.classes().find((one) => one.toLowerCase() === name.toLowerCase());
