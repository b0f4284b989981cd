import { PluginManager } from "@tljh/pluggy";
import { expect, expectTypeOf, it } from "vitest";
import { hookspecs, project, settings, type TljhHooks } from "./hooks.ts";

const description = "x";
const quota = settings("quota", {
  gigabytes: { type: "integer", minimum: 1, default: 10, description },
  share: { type: "number", description },
  tier: { type: "string", enum: ["small", "large"], default: "small", description },
  level: { type: "integer", enum: [1, 2], description },
  strict: { type: "boolean", default: true, description },
  groups: {
    type: "array",
    items: { type: "string", enum: ["a", "b"] },
    default: ["a"],
    description,
  },
  each: { type: "object", additionalProperties: { type: "integer" }, description },
});

it("declares settings as a plugin's hook", () => {
  const manager = new PluginManager<TljhHooks>(project);
  manager.addHookspecs(hookspecs);
  manager.register({ tljh_settings_schema: quota.schema }, "a");
  const [declared] = manager.hook.tljh_settings_schema({});
  expect(declared?.section).toBe("quota");
  expect(declared?.keys.gigabytes).toEqual({
    type: "integer",
    minimum: 1,
    default: 10,
    description,
  });
});

it("gives settings the types that were declared", () => {
  const hook = quota.hookimpl<"tljh_pre_spawn">(({ username, environment, settings }) => {
    expectTypeOf(username).toBeString();
    expectTypeOf(environment).toEqualTypeOf<Record<string, string>>();
    expectTypeOf(settings.gigabytes).toEqualTypeOf<number>();
    expectTypeOf(settings.share).toEqualTypeOf<number | undefined>();
    expectTypeOf(settings.tier).toEqualTypeOf<"small" | "large">();
    expectTypeOf(settings.level).toEqualTypeOf<1 | 2 | undefined>();
    expectTypeOf(settings.strict).toEqualTypeOf<boolean>();
    expectTypeOf(settings.groups).toEqualTypeOf<readonly ("a" | "b")[]>();
    expectTypeOf(settings.each).toEqualTypeOf<Readonly<Record<string, number>> | undefined>();
    // @ts-expect-error: no such setting was declared
    settings.megabytes;
    // @ts-expect-error: settings are read, not written
    settings.gigabytes = 5;
  });
  expect(hook).toBeTypeOf("function");
});

it("marks hooks that take no settings too, and refuses wrong ones as hookimpl does", () => {
  expect(quota.hookimpl(() => ["sl"])).toBeTypeOf("function");
  expect(quota.hookimpl(({ settings }) => [`q${settings.gigabytes}`])).toBeTypeOf("function");
  // @ts-expect-error: a string where a list is meant
  quota.hookimpl(() => "xarray");
  // @ts-expect-error: no hook has such an argument
  quota.hookimpl(({ user }) => user);
});

it("does not compile a wrong declaration", () => {
  // @ts-expect-error: there is no type int
  settings("s", { k: { type: "int", description } });
  // @ts-expect-error: the description is what the admin reads
  settings("s", { k: { type: "integer" } });
  // @ts-expect-error: the default of a number is a number
  settings("s", { k: { type: "integer", default: "10", description } });
  // @ts-expect-error: text has no minimum
  settings("s", { k: { type: "string", minimum: 1, description } });
  // @ts-expect-error: a slip
  settings("s", { k: { type: "integer", minimun: 1, description } });
  // @ts-expect-error: a list says what its items are
  settings("s", { k: { type: "array", description } });
  // @ts-expect-error: no lists in lists
  settings("s", { k: { type: "array", items: { type: "array" }, description } });
  expect(settings("s", {}).schema).toBeTypeOf("function");
});
