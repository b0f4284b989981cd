import { settingsValues } from "../config/settings/values.ts";
import { pluginTestSettings } from "../errors/plugin-authors.ts";
import { checkDeclaration } from "../plugins/settings/check.ts";

const HOOK = "tljh_settings_schema";

/** What is asked of a plugin to know its settings. */
interface Declaring {
  hooks(): readonly { readonly name: string }[];
  call(hook: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** What the plugin's hooks are given as `settings`: what the test gives, checked, with defaults filled in. */
export async function testSettings(
  plugin: Declaring,
  name: string,
  given: Readonly<Record<string, unknown>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  if (!plugin.hooks().some((hook) => hook.name === HOOK)) {
    if (Object.keys(given).length === 0) return {};
    throw pluginTestSettings(name, [`it declares none: it does not implement ${HOOK}`]);
  }
  const declaration = checkDeclaration(name, await plugin.call(HOOK, {}));
  const { values, problems } = settingsValues(declaration, given);
  if (problems.length > 0)
    throw pluginTestSettings(
      name,
      problems.map((problem) => problem.message),
    );
  return values;
}
