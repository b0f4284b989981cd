import { mkdir, readFile, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import type { TljhEvent } from "../events.ts";
import { sandbox } from "../plugins/fixtures.ts";
import type { Answers, ConfigOutcome } from "../plugins/index.ts";
import { emptyLedger } from "../plugins/ledger/ledger.ts";
import { configuration } from "./configuration.ts";
import type { ServerContext } from "./resource.ts";

const TEXT = "# the admin's\nlimits:\n  memory: 4G # generous\n";

/** A server with that configuration, of which plugins make something. */
async function server(prefix: Parameters<typeof sandbox>[0], config: Partial<ConfigOutcome>) {
  const box = await sandbox(prefix);
  const events: TljhEvent[] = [];
  const file = { limits: { memory: "4G" } };
  const outcome = { file, admin: file, after: file, plugins: [], ...config };
  await mkdir(box.paths.config, { recursive: true });
  await writeFile(box.paths.configFile, TEXT);
  const context = {
    paths: box.paths,
    emit: (event: TljhEvent) => void events.push(event),
    contributions: async () => ({ config: outcome, ledger: emptyLedger }) as unknown as Answers,
  } as unknown as ServerContext;
  const read = () => readFile(box.paths.configFile, "utf8");
  return { context, events, read, [Symbol.asyncDispose]: () => box[Symbol.asyncDispose]() };
}

it("says aloud where a plugin takes the place of what the admin has set, keeps comments, and can go back", async () => {
  const writes = [{ path: ["limits", "memory"], before: "4G", value: "1G" }];
  await using found = await server(
    {},
    { after: { limits: { memory: "1G" } }, plugins: [{ plugin: "small", writes }] },
  );
  const { differences, change } = await configuration.inspect(found.context);
  expect(differences).toEqual([
    {
      action: "change",
      what: 'limits.memory: "4G" → "1G", set by the admin',
      because: "small",
    },
  ]);
  const undo = await change();
  expect(found.events).toEqual([
    {
      type: "warning",
      code: "PLUGIN_SETTING_OVERWRITTEN",
      message: 'Plugin small changes config.yaml: limits.memory: "4G" → "1G", set by the admin',
    },
  ]);
  expect(await found.read()).toBe("# the admin's\nlimits:\n  memory: 1G # generous\n");
  await undo?.(() => {});
  expect(await found.read()).toBe(TEXT);
});

it("leaves a configuration alone that plugins want as it is", async () => {
  await using found = await server({}, {});
  expect((await configuration.inspect(found.context)).differences).toEqual([]);
});
