import { describe, expect, it } from "vitest";
import type { JupyterHubConfig } from "../hooks.ts";
import type { ConfigTree } from "./config-tree.ts";
import { recordConfig } from "./record.ts";
import { configTree, treeAssignments } from "./tree.ts";

/** What a plugin makes of a configuration. */
function changed(before: ConfigTree, plugin: (c: JupyterHubConfig) => void): ConfigTree {
  const assignments = treeAssignments(before);
  const recording = recordConfig(assignments, "x");
  plugin(recording.c);
  return configTree([...assignments, ...recording.assignments]);
}

describe("a configuration as a tree", () => {
  it("holds what was there, and what a plugin sets", () => {
    const before = { JupyterHub: { base_url: "/" }, Spawner: { cmd: ["x"] } };
    const after = changed(before, (c) => {
      c.JupyterHub.base_url = "/hub";
      c.Spawner.cmd.append("y");
      c.Authenticator.admin_users = new Set(["ada"]);
    });
    expect(after).toEqual({
      JupyterHub: { base_url: "/hub" },
      Spawner: { cmd: ["x", "y"] },
      Authenticator: { admin_users: ["ada"] },
    });
    expect(before).toEqual({ JupyterHub: { base_url: "/" }, Spawner: { cmd: ["x"] } });
  });

  it.each<[string, (c: JupyterHubConfig) => void, unknown]>([
    ["append", (c) => c.X.y.append(1), [1]],
    ["extend", (c) => c.X.y.extend([1, 2]), [1, 2]],
    ["insert", (c) => c.X.y.insert(0, 1), [1]],
    ["prepend", (c) => c.X.y.prepend([2, 3]), [2, 3]],
    ["update", (c) => c.X.y.update({ a: 1 }), { a: 1 }],
    ["add", (c) => c.X.y.add(1), [1]],
  ])("has %s of a trait that nobody has set work on an empty one", (_method, plugin, value) => {
    expect(changed({}, plugin)).toEqual({ X: { y: value } });
  });

  it("takes several methods of one such trait together", () => {
    const after = changed({}, (c) => {
      c.X.y.append(3);
      c.X.y.prepend([1, 2]);
      c.X.z.update([1]);
      c.X.z.add(1);
      c.X.z.add(2);
    });
    expect(after).toEqual({ X: { y: [1, 2, 3], z: [1, 2] } });
  });

  it("keeps names to itself that JavaScript has a meaning for", () => {
    const name = "__proto__";
    const after = changed({}, (c) => {
      c[name][name] = { polluted: true };
    });
    expect(Object.keys(after)).toEqual([name]);
    expect({}).not.toHaveProperty("polluted");
  });
});
