import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadConfig } from "../config/load.ts";
import { sectionsOf } from "../config/settings/sections.ts";
import { fingerprint } from "../install/fingerprint.ts";
import { callPostInstall, type LoadedPlugins } from "../plugins/index.ts";
import { writeFileAtomic } from "../system/files.ts";
import { implementing, tellFailures } from "./asking.ts";
import { resource, type ServerContext } from "./resource.ts";

interface Found {
  readonly due: string;
  readonly done: string;
  /** Names, in the order in which they were loaded. */
  readonly plugins: readonly string[];
}

const donePath = ({ paths }: ServerContext) => join(paths.state, "post-install");

/** `tljh_post_install` of every plugin, last of all; again only when plugins, their settings, environments or program changed. */
export const postInstall = resource<Found>({
  id: "post-install",
  title: "Plugins' own installation steps",
  async read(context) {
    const loaded = await context.plugins();
    const answers = await context.contributions();
    const failed = new Set(answers.failures.map(({ plugin }) => plugin));
    // What was installed meanwhile may have broken a plugin that was whole.
    const broken = loaded.failures.find(({ name, source }) => !failed.has(name ?? source));
    if (broken && !context.skipFailing) throw broken.error;
    const plugins = implementing("tljh_post_install", loaded, answers, context.wanted);
    return {
      due: await dueFingerprint(context, plugins, await settingsOf(context, loaded, plugins)),
      done: await readFile(donePath(context), "utf8").catch(() => ""),
      plugins: plugins.map(({ name }) => name),
    };
  },
  compare: ({ due, done, plugins }) =>
    due === done
      ? []
      : plugins.map((plugin) => ({ action: "change", what: "tljh_post_install", because: plugin })),
  async change({ due, plugins }, context) {
    const loaded = await context.plugins();
    const stop = !context.skipFailing;
    const failures = await callPostInstall(loaded.manager, new Set(plugins), { stop });
    await tellFailures(failures, context);
    // What failed is tried again by the next run.
    if (failures.length > 0) return;
    await writeFileAtomic(donePath(context), due, { mode: 0o600 });
  },
});

/** The settings of these plugins as they are given to them. */
async function settingsOf(
  { paths }: ServerContext,
  { declarations }: LoadedPlugins,
  plugins: readonly { readonly name: string }[],
): Promise<readonly unknown[]> {
  const names = new Set(plugins.map(({ name }) => name));
  const own = [...declarations].filter(([plugin]) => names.has(plugin));
  const { effective } = await loadConfig(paths.configFile, sectionsOf(own));
  return own.map(([plugin, { section }]) => [plugin, effective[section]]);
}

async function dueFingerprint(
  { paths, wanted }: ServerContext,
  plugins: readonly { name: string; version: string }[],
  settings: readonly unknown[],
): Promise<string> {
  const inputs = [
    join(paths.app, "BUILD"),
    join(paths.hub, "etc", "tljh", "pip.json"),
    join(paths.user, "conda-meta", "history"),
    join(paths.user, "etc", "tljh", "pip.json"),
    join(paths.plugins, "package.json"),
    join(paths.plugins, "package-lock.json"),
  ];
  const texts = await Promise.all(inputs.map((path) => readFile(path, "utf8").catch(() => "")));
  const named = plugins.map(({ name, version }) => [name, version]);
  return fingerprint([wanted.plugins, named, settings, texts]);
}
