import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Fills a folder as `<prefix>/plugins` is laid out, with so many plugins that implement every hook. */
export async function writePlugins(folder: string, count: number): Promise<void> {
  const sources: Record<string, object> = {};
  for (let number = 0; number < count; number += 1) {
    const name = `tljh-bench-${number}`;
    const place = join(folder, "folders", name);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, "package.json"), manifest(name, number));
    await writeFile(join(place, "plugin.ts"), source(number));
    sources[name] = { kind: "folder-npm", spec: `/root/plugins/${name}` };
  }
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ private: true, tljh: { sources } }),
  );
}

const manifest = (name: string, number: number) =>
  JSON.stringify({
    name,
    version: "1.0.0",
    type: "module",
    tljh: { plugins: { [`bench-${number}`]: "./plugin.ts" } },
  });

const source = (number: number) => `import { hookimpl, settings } from "tljh/hooks";

const own = settings("bench_${number}", {
  size: { type: "integer", default: ${number}, description: "A size." },
});
export const tljh_settings_schema = own.schema;
export const tljh_extra_apt_packages = hookimpl((): string[] => ["apt-${number}"]);
export const tljh_extra_hub_pip_packages = hookimpl((): string[] => ["hub-${number}"]);
export const tljh_extra_user_conda_packages = hookimpl((): string[] => ["conda-${number}", "shared"]);
export const tljh_extra_user_conda_channels = hookimpl((): string[] => ["channel-${number}"]);
export const tljh_extra_user_pip_packages = hookimpl((): string[] => ["pip-${number}"]);
export const tljh_config_post_install = own.hookimpl(({ config, settings }) => {
  config["bench_${number}"] = { size: settings.size };
});
export const tljh_custom_jupyterhub_config = hookimpl(({ c }) => {
  c.Spawner.environment.update({ BENCH_${number}: "1" });
});
export const tljh_post_install = own.hookimpl(async ({ settings }) => {
  if (settings.size !== ${number}) throw new Error("these are another plugin's settings");
});
export const tljh_new_user_create = hookimpl(async ({ username }) => void username);
export const tljh_user_removed = hookimpl(({ username }) => void username);
export const tljh_pre_spawn = hookimpl(({ username, environment }) => {
  environment.BENCH_${number} = username;
});
export const tljh_health_checks = hookimpl(() => [
  { name: "bench-${number}", status: "ok" as const, message: "well" },
]);
`;
