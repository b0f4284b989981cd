import { stat } from "node:fs/promises";
import { type ConfigDocument, parseConfigDocument, writtenValue } from "../config/document.ts";
import { holdsText } from "../config/lookup.ts";
import { readConfigText } from "../config/read.ts";
import type { SettingsDeclaration } from "../config/settings/declaration.ts";
import { sectionsOf } from "../config/settings/sections.ts";
import { settingsValues } from "../config/settings/values.ts";
import type { Settings } from "../hooks.ts";
import type { HookTimeouts } from "./client/limits.ts";

type Section = Readonly<Record<string, unknown>>;

/** What config.yaml holds for plugins, at each call as it is then. */
export class PluginConfig {
  /** The settings that plugins declare, by plugin. */
  declarations: ReadonlyMap<string, SettingsDeclaration> = new Map();
  readonly #file: string;
  #last: { readonly state: string; readonly document: ConfigDocument } | undefined;

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
  async #read(): Promise<Section> {
    const state = await stateOf(this.#file);
    if (this.#last?.state !== state) {
      const text = await readConfigText(this.#file);
      this.#last = { state, document: parseConfigDocument(text, this.#file) };
    }
    return writtenValue(this.#last.document, holdsText(sectionsOf(this.declarations)));
  }
}

/** The map of that name; an empty one where there is something else, or nothing. */
function inside(map: Section, name: string): Section {
  const value = Object.hasOwn(map, name) ? map[name] : undefined;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

async function stateOf(file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch(() => null);
  return found === null ? "none" : [found.ino, found.size, found.mtimeNs, found.ctimeNs].join(" ");
}
