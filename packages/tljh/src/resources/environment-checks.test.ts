import { expect, it } from "vitest";
import type { TljhEvent } from "../events.ts";
import { hookimpl, type TljhPlugin } from "../hooks.ts";
import { createHookManager } from "../plugins/manager.ts";
import { environmentChecks } from "./environment-checks.ts";
import type { ServerContext } from "./resource.ts";

const CHECK = { name: "stars", command: ["stars"] };
const checking = (answer: unknown): TljhPlugin => ({
  tljh_user_environment_checks: hookimpl<"tljh_user_environment_checks">(() => answer as never),
});

/** What these plugins have tried, of which all but the last contribute something. */
async function asked(plugins: Readonly<Record<string, TljhPlugin>>, skipFailing = false) {
  const manager = createHookManager();
  for (const [name, plugin] of Object.entries(plugins)) manager.register(plugin, name);
  const events: TljhEvent[] = [];
  const names = Object.keys(plugins);
  const list = names.map((name) => ({ name, hooks: manager.getHooks(name) }));
  const context = {
    skipFailing,
    dryRun: true,
    wanted: { disabled: ["disabled"] },
    emit: (event: TljhEvent) => events.push(event),
    plugins: async () => ({ manager, list }),
    contributions: async () => ({
      contributors: names.map((name) => ({ name })),
      failures: [{ plugin: "failed" }],
    }),
  };
  return { checks: await environmentChecks(context as unknown as ServerContext), events };
}

it("asks the plugins that take part for what they have tried", async () => {
  const { checks } = await asked({
    stars: checking([CHECK]),
    silent: {},
    disabled: checking([CHECK]),
    failed: checking([CHECK]),
  });
  expect(checks).toEqual([{ plugin: "stars", checks: [CHECK] }]);
});

it("ends with a plugin that fails, unless such are skipped: then it is named, and the others count", async () => {
  const plugins = { stars: checking([CHECK]), bad: checking("stars") };
  await expect(asked(plugins)).rejects.toMatchObject({ code: "PLUGIN_CHECKS_INVALID" });
  const { checks, events } = await asked(plugins, true);
  expect(checks.map(({ plugin }) => plugin)).toEqual(["stars"]);
  expect(events).toMatchObject([{ message: expect.stringMatching(/^Plugin bad takes/) }]);
});
