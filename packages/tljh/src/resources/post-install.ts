import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fingerprint } from "../install/fingerprint.ts";
import { callPostInstall } from "../plugins/index.ts";
import { writeFileAtomic } from "../system/files.ts";
import { resource, type ServerContext } from "./resource.ts";

interface Found {
  readonly due: string;
  readonly done: string;
  readonly plugins: readonly string[];
}

const donePath = ({ paths }: ServerContext) => join(paths.state, "post-install");

/** `tljh_post_install` of every plugin, last of all; again only when plugins, environments or program changed. */
export const postInstall = resource<Found>({
  id: "post-install",
  title: "Plugins' own installation steps",
  async read(context) {
    const { list } = await context.plugins();
    const implementing = list.filter(({ hooks }) => hooks.includes("tljh_post_install"));
    return {
      due: await dueFingerprint(context, implementing),
      done: await readFile(donePath(context), "utf8").catch(() => ""),
      plugins: implementing.map(({ name }) => name),
    };
  },
  compare: ({ due, done, plugins }) =>
    due === done
      ? []
      : plugins.map((plugin) => ({ action: "change", what: "tljh_post_install", because: plugin })),
  async change({ due }, context) {
    await callPostInstall((await context.plugins()).manager);
    await writeFileAtomic(donePath(context), due, { mode: 0o600 });
  },
});

async function dueFingerprint(
  { paths, wanted }: ServerContext,
  plugins: readonly { name: string; version: string }[],
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
  return fingerprint([wanted.plugins, plugins.map(({ name, version }) => [name, version]), texts]);
}
