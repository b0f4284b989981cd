import { describe, expect, it } from "vitest";
import type { TljhError } from "../errors/error.ts";
import type { JupyterHubConfig } from "../hooks.ts";
import type { Assignment } from "./assignments.ts";
import { recordConfig } from "./record.ts";

const before: Assignment[] = [
  { class: "JupyterHub", trait: "services", plugin: null, value: [] },
  { class: "JupyterHub", trait: "base_url", plugin: null, value: "/" },
  { class: "Authenticator", trait: "admin_users", plugin: null, value: ["a"], kind: "set" },
  { class: "Spawner", trait: "environment", plugin: null, value: { A: "1", deep: { list: [1] } } },
];

/** What a plugin's changes are written down as. */
function record(plugin: (c: JupyterHubConfig) => unknown): unknown[] {
  const { c, assignments } = recordConfig(before, "simplest");
  plugin(c);
  return assignments.map(({ class: name, trait, plugin: author, ...rest }) => {
    expect(author).toBe("simplest");
    return { [`${name}.${trait}`]: rest };
  });
}

function refusal(plugin: (c: JupyterHubConfig) => unknown): [string, string, string] {
  try {
    plugin(recordConfig(before, "simplest").c);
  } catch (error) {
    const { code, message, remedy } = error as TljhError;
    return [code, message, remedy];
  }
  throw new Error("it was not refused");
}

const service = { name: "grader", url: "http://127.0.0.1:9000" };

describe("what a plugin sets", () => {
  it("is written down in order", () => {
    expect(
      record((c) => {
        c.JupyterHub.spawner_class = "dockerspawner.DockerSpawner";
        c.DockerSpawner.image = "x";
        c.Spawner.args = ["--a", null, 1.5, true, { b: [] }];
      }),
    ).toEqual([
      { "JupyterHub.spawner_class": { value: "dockerspawner.DockerSpawner" } },
      { "DockerSpawner.image": { value: "x" } },
      { "Spawner.args": { value: ["--a", null, 1.5, true, { b: [] }] } },
    ]);
  });

  it("may be a whole class, and a Set for a Python set", () => {
    expect(
      record((c) => {
        Object.assign(c, { Spawner: { cmd: ["x"], args: [] } });
        c.Authenticator.allowed_users = new Set(["b", "a"]);
      }),
    ).toEqual([
      { "Spawner.cmd": { value: ["x"] } },
      { "Spawner.args": { value: [] } },
      { "Authenticator.allowed_users": { value: ["b", "a"], kind: "set" } },
    ]);
  });

  it("stays as it was when the plugin changes its own object later", () => {
    const list = ["a"];
    const made = record((c) => {
      c.Spawner.args = list;
      list.push("b");
    });
    expect(made).toEqual([{ "Spawner.args": { value: ["a"] } }]);
  });

  it("can be read back, as what was set before can", () => {
    const { c } = recordConfig(before, "x");
    c.Spawner.args = ["a"];
    c.Spawner.args.push("b");
    c.Spawner.environment.B = "2";
    c.Spawner.environment.deep.list.push(2);
    expect(c.Spawner.args).toEqual(["a", "b"]);
    expect([...c.Spawner.args].map((one: string) => one.length)).toEqual([1, 1]);
    expect(c.Spawner.environment).toEqual({ A: "1", B: "2", deep: { list: [1, 2] } });
    expect(c.JupyterHub.base_url).toBe("/");
    expect([...c.Authenticator.admin_users]).toEqual(["a"]);
    expect("args" in c.Spawner && !("cmd" in c.Spawner) && !("LocalProcess" in c)).toBe(true);
    expect(Object.keys(c)).toEqual(["JupyterHub", "Authenticator", "Spawner"]);
    expect(Object.keys(c.Spawner)).toEqual(["environment", "args"]);
  });
});

describe("methods of lists, dicts and sets", () => {
  it("are written down as calls", () => {
    expect(
      record((c) => {
        c.JupyterHub.services.append(service);
        c.JupyterHub.services.push({ name: "b" }, { name: "c" });
        c.JupyterHub.services.extend([{ name: "d" }]);
        c.JupyterHub.services.insert(0, { name: "e" });
        c.Spawner.environment.update({ B: "2" });
        c.Spawner.environment.C = "3";
        c.Authenticator.admin_users.add("b");
        c.Authenticator.admin_users.update(new Set(["c"]));
        c.Authenticator.admin_users.delete("a");
        c.Authenticator.admin_users.discard("b");
      }),
    ).toEqual([
      { "JupyterHub.services": { method: "append", arguments: [service] } },
      { "JupyterHub.services": { method: "append", arguments: [{ name: "b" }] } },
      { "JupyterHub.services": { method: "append", arguments: [{ name: "c" }] } },
      { "JupyterHub.services": { method: "extend", arguments: [[{ name: "d" }]] } },
      { "JupyterHub.services": { method: "insert", arguments: [0, { name: "e" }] } },
      { "Spawner.environment": { method: "update", arguments: [{ B: "2" }] } },
      { "Spawner.environment": { method: "update", arguments: [{ C: "3" }] } },
      { "Authenticator.admin_users": { method: "add", arguments: ["b"] } },
      { "Authenticator.admin_users": { method: "update", arguments: [["c"]] } },
      { "Authenticator.admin_users": { method: "discard", arguments: ["a"] } },
      { "Authenticator.admin_users": { method: "discard", arguments: ["b"] } },
    ]);
  });

  it("work on what nobody has set, for JupyterHub to apply to its default", () => {
    expect(
      record((c) => {
        c.JupyterHub.template_paths.insert(0, "/t");
        c.JupyterHub.extra_handlers.extend([["/x", "mod.Handler"]]);
        c.JupyterHub.tornado_settings.update({ headers: {} });
        c.JupyterHub.tornado_settings.slow = 5;
        c.Spawner.args.push("a", "b");
        c.Spawner.args.prepend(["c"]);
        c.Authenticator.any_group.add("g");
      }),
    ).toEqual([
      { "JupyterHub.template_paths": { method: "insert", arguments: [0, "/t"] } },
      { "JupyterHub.extra_handlers": { method: "extend", arguments: [[["/x", "mod.Handler"]]] } },
      { "JupyterHub.tornado_settings": { method: "update", arguments: [{ headers: {} }] } },
      { "JupyterHub.tornado_settings": { method: "update", arguments: [{ slow: 5 }] } },
      { "Spawner.args": { method: "append", arguments: ["a"] } },
      { "Spawner.args": { method: "append", arguments: ["b"] } },
      { "Spawner.args": { method: "prepend", arguments: [["c"]] } },
      { "Authenticator.any_group": { method: "add", arguments: ["g"] } },
    ]);
  });

  it("that only JavaScript has set the value anew, once", () => {
    expect(
      record((c) => {
        c.JupyterHub.services.append(service);
        c.JupyterHub.services.unshift({ name: "first" });
        c.Spawner.environment.deep.list.splice(0, 1, 2, 3);
        c.Spawner.environment.deep.update({ x: 1 });
        delete c.Spawner.environment.A;
      }),
    ).toEqual([
      { "JupyterHub.services": { method: "append", arguments: [service] } },
      { "JupyterHub.services": { value: [{ name: "first" }, service] } },
      { "Spawner.environment": { value: { deep: { list: [2, 3], x: 1 } } } },
    ]);
  });
});

describe("what cannot be handed to JupyterHub is refused", () => {
  class Handler {}
  const loop: Record<string, unknown> = {};
  loop.self = loop;

  it.each<[string, unknown, string]>([
    ["a function", () => 1, "holds a function,"],
    ["a class", Handler, "holds a class,"],
    ["an object of a class", new Handler(), "an instance of Handler,"],
    ["a date", new Date(0), "an instance of Date,"],
    ["a map", new Map(), "an instance of Map,"],
    ["a function in a list", { a: [1, () => 1] }, "holds a function at a[1],"],
    ["itself", loop, "holds itself at self,"],
    ["nothing", undefined, "holds undefined,"],
    ["no number", Number.NaN, "holds NaN,"],
    ["a symbol", Symbol("x"), "holds symbol,"],
    ["a set in a set", new Set([new Set()]), "an instance of Set at [0],"],
  ])("%s", (_, value, what) => {
    const [code, message, remedy] = refusal((c) => {
      c.Spawner.pre_spawn_hook = value;
    });
    expect([code, message]).toEqual([
      "HUB_VALUE_NOT_DATA",
      expect.stringContaining("The plugin simplest sets c.Spawner.pre_spawn_hook to a value that "),
    ]);
    expect(message).toContain(what);
    expect(remedy).toContain("jupyterhub_config.d");
    expect(refusal((c) => c.JupyterHub.services.append(value))[0]).toBe("HUB_VALUE_NOT_DATA");
  });

  it("a value that nobody has set, read as if somebody had", () => {
    const unset: [string, (c: JupyterHubConfig) => unknown, string][] = [
      ["HUB_VALUE_UNKNOWN", (c) => c.Spawner.args.length, "reads length of c.Spawner.args"],
      ["HUB_VALUE_UNKNOWN", (c) => [...c.Spawner.args], "reads the items of c.Spawner.args"],
      ["HUB_VALUE_UNKNOWN", (c) => ({ ...c.Spawner.args }), "reads the keys of c.Spawner.args"],
      ["HUB_VALUE_UNKNOWN", (c) => "a" in c.Spawner.args, "reads the keys of c.Spawner.args"],
      [
        "HUB_VALUE_NOT_DATA",
        (c) => Object.assign(c.Spawner, { cmd: c.Spawner.args }),
        "holds a setting that nobody has set,",
      ],
    ];
    for (const [code, plugin, text] of unset)
      expect(refusal(plugin)).toEqual([code, expect.stringContaining(text), expect.any(String)]);
  });

  it.each<[string, (c: JupyterHubConfig) => unknown, string]>([
    ["HUB_CLASS_INVALID", (c) => c.jupyterhub.base_url, "c.jupyterhub, which is no class"],
    ["HUB_CLASS_INVALID", (c) => c.jupyterHub, "Write c.JupyterHub"],
    ["HUB_CLASS_INVALID", (c) => c.zzz, "Write the setting as c.<Class>.<trait>"],
    ["HUB_CHANGE_UNSUPPORTED", (c) => delete c.Spawner.args, "deletes c.Spawner.args"],
    ["HUB_CHANGE_UNSUPPORTED", (c) => delete c.Spawner.args.x, "deletes a part of c.Spawner.args"],
    ["HUB_CHANGE_UNSUPPORTED", (c) => Reflect.deleteProperty(c, "Spawner"), "deletes c.Spawner"],
  ])("%s", (code, plugin, text) => {
    const told = refusal(plugin);
    expect(told[0]).toBe(code);
    expect(told.join("\n")).toContain(text);
  });

  it("but a promise, a log and a test may look at it", async () => {
    const { c } = recordConfig(before, "x");
    expect(await c.JupyterHub).toBeDefined();
    expect(await c.Spawner.args).toBeDefined();
    expect(JSON.stringify({ c })).toContain("base_url");
  });
});
