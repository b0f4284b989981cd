import { describe, expect, test } from "vitest";
import { baseKey, chooseMirror } from "./base.ts";
import { nspawnArgv } from "./boot.ts";
import { systemdHierarchies } from "./cgroups.ts";
import { enterArgv, findUser, loginEnvironment } from "./enter.ts";
import { isAbandoned, type ServerState, serverPaths } from "./state.ts";

describe("the archive a base server is made from", () => {
  test("is the machine's own Debian archive, not its security or its updates", () => {
    const lines = [
      "Other|https://packages.example/apt/|stable|main",
      "Debian|http://mirror.example/debian-security/|stable-security|main",
      "Debian|http://mirror.example/debian/|stable|main",
    ];
    expect(chooseMirror(lines)).toBe("http://mirror.example/debian/");
  });

  test("is the first main one when apt has not read who it belongs to", () => {
    expect(chooseMirror(["$(ORIGIN)|http://mirror.example/debian/|stable|main"])).toBe(
      "http://mirror.example/debian/",
    );
  });

  test("is nothing when another system's archives are all there is", () => {
    expect(chooseMirror(["Ubuntu|http://mirror.example/ubuntu/|noble|main", ""])).toBeNull();
  });

  test("gives another base server for other packages, whatever their order", () => {
    expect(baseKey(["a", "b"])).toBe(baseKey(["b", "a"]));
    expect(baseKey(["a"])).not.toBe(baseKey(["b"]));
  });
});

describe("cgroups", () => {
  const line = (path: string, rest: string): string => `1 2 0:3 / ${path} rw - ${rest}`;

  test("of both versions are found where systemd keeps its units", () => {
    const mounts = [
      line("/sys/fs/cgroup/memory", "cgroup cgroup rw,memory"),
      line("/sys/fs/cgroup/systemd", "cgroup cgroup rw,name=systemd"),
      line("/sys/fs/cgroup/unified", "cgroup2 cgroup2 rw"),
      line("/", "ext4 /dev/vda rw"),
    ];
    expect(systemdHierarchies(mounts.join("\n"))).toEqual([
      "/sys/fs/cgroup/systemd",
      "/sys/fs/cgroup/unified",
    ]);
  });
});

describe("entering a server", () => {
  test("takes all of its namespaces and its root", () => {
    expect(enterArgv(7, ["id"], "alice").join(" ")).toBe(
      "nsenter --target 7 --mount --uts --ipc --net --pid --cgroup --root --wd -- runuser -u alice -- id",
    );
  });

  test("gives a user the home and shell of the server's own list", () => {
    const user = findUser("root:x:0:0::/root:/bin/sh\nbob:x:5:5::/srv/bob:/bin/zsh\n", "bob");
    expect(loginEnvironment(user ?? undefined, { A: "1" })).toMatchObject({
      HOME: "/srv/bob",
      SHELL: "/bin/zsh",
      USER: "bob",
      A: "1",
    });
    expect(findUser("bobby:x:5:5::/srv/bob:/bin/zsh", "bob")).toBeNull();
  });
});

describe("a server", () => {
  test("sees folders of the machine read-only", () => {
    const argv = nspawnArgv(serverPaths("/cache", "a"), { "/srv/apt": "/some/folder" });
    expect(argv).toContain("--bind-ro=/some/folder:/srv/apt");
    expect(argv).toContain("--network-namespace-path=/run/netns/tljh-a");
  });

  test.each(["", "A", "../up", "-a", "a/b", "a".repeat(41)])("cannot be named %j", (name) => {
    expect(() => serverPaths("/cache", name)).toThrow(/is no name for a server/);
  });

  test("is abandoned when its owner's number belongs to a later process", () => {
    const state = { version: 1, name: "a", kept: false, nspawn: null, init: null } as const;
    const owned = (pid: number, start: string): ServerState => ({
      ...state,
      owner: { pid, start },
    });
    expect(isAbandoned(owned(process.pid, "1"))).toBe(true);
    expect(isAbandoned({ ...state, owner: null })).toBe(false);
  });
});
