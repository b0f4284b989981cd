import { statSync } from "node:fs";
import { parseConfigDocument, writtenValue } from "../config/document.ts";
import { holdsText } from "../config/lookup.ts";
import { readConfigText } from "../config/read.ts";
import { sectionsOf } from "../config/settings/sections.ts";
import { settingsValues } from "../config/settings/values.ts";
import type { Settings } from "../hooks.ts";
import type { HookTimeouts } from "./client/limits.ts";
import type { Declarations } from "./settings/record.ts";

type Section = Readonly<Record<string, unknown>>;

/** The file as it was read last, or is being read. */
interface Read {
  readonly state: string;
  readonly document: ReturnType<typeof readDocument>;
  readonly declarations: Declarations;
  readonly value: Promise<Section>;
}

/** What config.yaml holds for plugins, at each call as it is then. */
export class PluginConfig {
  /** The settings that plugins declare, by plugin. */
  declarations: Declarations = new Map();
  readonly #file: string;
  #last: Read | undefined;
  /** Of the file, as long as the calls of one moment are made. */
  #state: string | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** What a plugin's hooks are given as `settings`: of a value that does not fit, the default. */
  async settingsOf(plugin: string): Promise<Settings> {
    const declaration = this.declarations.get(plugin);
    if (declaration === undefined) return {};
    const written = await this.#read();
    return settingsValues(declaration, written[declaration.section]).values as Settings;
  }

  /** `plugins.hook_timeout`. A broken config.yaml is told by what needs its values. */
  async timeouts(): Promise<HookTimeouts> {
    const written = await this.#read().catch(() => ({}));
    return inside(inside(written, "plugins"), "hook_timeout");
  }

  /** Reads the file when it has changed. Rejects when it is no YAML. */
  #read(): Promise<Section> {
    const { declarations } = this;
    const state = this.#stateNow();
    const last = this.#last?.state === state ? this.#last : undefined;
    if (last?.declarations === declarations) return last.value;
    const document = last?.document ?? readDocument(this.#file);
    const isText = holdsText(sectionsOf(declarations));
    const value = document.then((read) => writtenValue(read, isText));
    const read = { state, document, declarations, value };
    this.#last = read;
    value.catch(() => {
      if (this.#last === read) this.#last = undefined;
    });
    return value;
  }

  #stateNow(): string {
    if (this.#state !== undefined) return this.#state;
    process.nextTick(() => {
      this.#state = undefined;
    });
    this.#state = stateOf(this.#file);
    return this.#state;
  }
}

const readDocument = async (file: string) => parseConfigDocument(await readConfigText(file), file);

/** The map of that name; an empty one where there is something else, or nothing. */
function inside(map: Section, name: string): Section {
  const value = Object.hasOwn(map, name) ? map[name] : undefined;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** Asked at each call of a hook, so without a detour over another thread. */
function stateOf(file: string): string {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found ? [found.ino, found.size, found.mtimeNs, found.ctimeNs].join(" ") : "none";
}
