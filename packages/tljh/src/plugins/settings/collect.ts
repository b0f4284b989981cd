import type { SettingsDeclaration } from "../../config/settings/declaration.ts";
import { settingsSectionTaken } from "../../errors/plugin-settings.ts";
import type { HookManager } from "../manager.ts";
import { checkDeclaration } from "./check.ts";

export interface CollectedSettings {
  /** By plugin. */
  readonly declarations: ReadonlyMap<string, SettingsDeclaration>;
  readonly failures: readonly { readonly plugin: string; readonly error: unknown }[];
}

/** Asks every plugin for its settings, and checks what it answers; one that fails spoils no other's. */
export async function collectSettings(manager: HookManager): Promise<CollectedSettings> {
  const answers = await manager.hook.tljh_settings_schema.allSettled({}, { atOnce: true });
  const declarations = new Map<string, SettingsDeclaration>();
  const failures: { plugin: string; error: unknown }[] = [];
  const owners = new Map<string, string>();
  for (const answer of answers) {
    const { plugin } = answer;
    try {
      if (answer.status === "rejected") throw answer.error;
      if (answer.value === undefined) continue;
      const declaration = checkDeclaration(plugin, answer.value);
      const other = owners.get(declaration.section);
      if (other !== undefined) throw settingsSectionTaken(plugin, declaration.section, other);
      owners.set(declaration.section, plugin);
      declarations.set(plugin, declaration);
    } catch (error) {
      failures.push({ plugin, error });
    }
  }
  return { declarations, failures };
}
