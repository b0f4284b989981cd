import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TljhError } from "../../errors/error.ts";
import { sandbox } from "../fixtures.ts";
import { formatLock, type PluginLock, parseLock, readLock, requireLock } from "./format.ts";

const sha256 = "0".repeat(64);
const integrity = `sha512-${"A".repeat(86)}==`;

const lock: PluginLock = {
  version: 1,
  channels: ["conda-forge"],
  userRequirementsTxtUrl: null,
  disabled: ["moons"],
  plugins: [
    { spec: "npm:tljh-stars@^1", kind: "npm", package: "tljh-stars", version: "1.2.0", integrity },
    { spec: "/srv/a b", kind: "folder-npm", package: "x", version: "1", content: sha256 },
    {
      spec: "/srv/py",
      kind: "folder-python",
      package: "tljh-py",
      version: "1.0",
      content: sha256,
      archives: [{ name: "words", version: "2.0", sha256 }],
    },
    {
      spec: "git+https://example.org/moons@v1",
      kind: "pip",
      package: "tljh-moons",
      version: "0.1.dev3+g12",
      archives: [
        {
          name: "tljh-moons",
          version: "0.1.dev3+g12",
          url: `git+https://example.org/moons@${"1".repeat(40)}`,
        },
      ],
    },
  ],
  npm: {
    lockfileVersion: 3,
    packages: {
      "": { dependencies: { "tljh-stars": "^1" } },
      "node_modules/tljh-stars": { version: "1.2.0", integrity },
      "node_modules/tljh-stars/node_modules/@a/b": { version: "1.0.0", integrity },
    },
  },
};

/** The lock with something else at a path. */
function changed(path: readonly (string | number)[], value: unknown): string {
  const copy = structuredClone(lock) as object;
  const last = path.at(-1) ?? "";
  let place = copy as Record<string | number, unknown>;
  for (const name of path.slice(0, -1)) place = place[name] as typeof place;
  place[last] = value;
  return JSON.stringify(copy);
}

describe("a lock", () => {
  it("is understood as it was written", () => {
    expect(parseLock(formatLock(lock), "x")).toEqual(lock);
  });

  it("that is not there is none", async () => {
    await using box = await sandbox();
    expect(await readLock(`${box.folder}/plugins.lock.json`)).toBeNull();
  });

  it("that an admin names must be there, and be a file", async () => {
    await using box = await sandbox();
    const path = `${box.folder}/plugins.lock.json`;
    await expect(requireLock(path)).rejects.toMatchObject({
      code: "PLUGIN_LOCK_MISSING",
      message: `There is no lock of plugins at ${path}`,
    });
    await expect(requireLock(box.folder)).rejects.toMatchObject({
      code: "PLUGIN_LOCK_MALFORMED",
      message: expect.stringContaining("cannot be read"),
    });
  });

  it("of another version is told from a broken one", () => {
    const text = JSON.stringify({ version: 2, everything: "else" });
    expect(() => parseLock(text, "/x/plugins.lock.json")).toThrow(
      expect.objectContaining({
        code: "PLUGIN_LOCK_VERSION",
        message: "/x/plugins.lock.json is a lock of version 2, and this program knows version 1",
      }),
    );
  });

  it.each([
    ["text that is no JSON", "{", "it is not JSON"],
    ["a list", "[]", "expected object"],
    ["a key that there is not", changed(["extra"], 1), "extra"],
    [
      "an option in the place of a spec",
      changed(["plugins", 3, "spec"], "-r/etc/shadow"),
      "cannot",
    ],
    ["an option behind npm:", changed(["plugins", 0, "spec"], "npm:--global"), "cannot name"],
    ["a second line in a spec", changed(["plugins", 3, "spec"], "a\n--pre"), "cannot name"],
    ["a relative folder", changed(["plugins", 1, "spec"], "srv/x"), "absolute"],
    ["a kind that there is not", changed(["plugins", 0, "kind"], "snap"), "plugins.0.kind"],
    ["options in a version", changed(["plugins", 3, "version"], "1 --pre"), "is no version"],
    ["a path in a package's name", changed(["plugins", 0, "package"], "../x"), "is no name"],
    ["options in an archive's name", changed(["plugins", 3, "archives", 0, "name"], "a b"), "name"],
    [
      "two words in an address",
      changed(["plugins", 3, "archives", 0, "url"], "a://b c"),
      "address",
    ],
    ["half a hash", changed(["plugins", 1, "content"], "00"), "is no SHA-256"],
    [
      "a place outside of node_modules",
      changed(["npm", "packages", "node_modules/../../etc"], {}),
      "node_modules/../../etc",
    ],
    [
      "a package that is a link",
      changed(["npm", "packages", "node_modules/x"], { link: true, resolved: "/" }),
      "is a link",
    ],
    [
      "one plugin twice",
      changed(["plugins"], [...lock.plugins, lock.plugins[0]]),
      "npm:tljh-stars@^1 stands in it twice",
    ],
    [
      "a plugin that npm's part has otherwise",
      changed(["plugins", 0, "integrity"], integrity.replace("A", "B")),
      "among the plugins, and",
    ],
  ])("with %s is refused, and the place is named", (_, text, words) => {
    expect(() => parseLock(text, "/x/lock")).toThrow(
      expect.objectContaining({
        code: "PLUGIN_LOCK_MALFORMED",
        message: expect.stringContaining(words),
      }),
    );
  });

  it("that is any JSON at all is understood or refused with an explanation", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(...Object.keys(lock)), (json, key) => {
        const text = JSON.stringify({ ...lock, [key]: JSON.parse(json) });
        try {
          parseLock(text, "x");
        } catch (error) {
          expect(error).toBeInstanceOf(TljhError);
        }
      }),
    );
  });
});
