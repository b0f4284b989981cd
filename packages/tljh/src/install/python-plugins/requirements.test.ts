import { expect, it } from "vitest";
import type { PythonPlugin } from "../../plugins/python/record.ts";
import { requirementsOf } from "./requirements.ts";

const sha256 = "0".repeat(64);

/** What pip is asked for a plugin from `spec`, which is pinned so. */
const lines = (spec: string, pin?: Partial<PythonPlugin>) => {
  const kind = pin?.kind ?? "pip";
  const full = { spec, package: "tljh-stars", version: "1.2", kind, archives: [], ...pin };
  return requirementsOf([{ request: { spec, kind }, pin: pin && (full as PythonPlugin) }]);
};

const none = { hashed: [], direct: [], pinned: [], free: [] };

it.each([
  ["tljh-stars>=1", "tljh-stars>=1"],
  ["git+https://example.org/stars", "git+https://example.org/stars"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: pip replaces these in a file of requirements
  ["/srv/a #b/${HOME}", "file:///srv/a%20%23b/$%7BHOME%7D"],
])("without a pin %s is what its spec says", (spec, line) => {
  expect(lines(spec)).toEqual({ ...none, free: [line] });
});

it("what is pinned with hashes is looked at by them, and completed afterwards", () => {
  const archives = [
    { name: "tljh-stars", version: "1.2", sha256 },
    { name: "words", version: "3.0", sha256 },
  ];
  expect(lines("tljh-stars>=1", { archives })).toEqual({
    ...none,
    hashed: [`tljh-stars==1.2 --hash=sha256:${sha256}`, `words==3.0 --hash=sha256:${sha256}`],
    pinned: ["tljh-stars==1.2"],
  });
});

it("a repository is pinned by its commit, and reached with the spec's own password", () => {
  const url = "git+https://example.org/stars@abc1234";
  const archives = [{ name: "tljh-stars", version: "1.2", url }];
  expect(lines("git+https://ada:hush@example.org/stars@main", { archives })).toMatchObject({
    direct: ["git+https://ada:hush@example.org/stars@abc1234"],
  });
});

it("the password goes to no other server than the spec's", () => {
  const archives = [
    { name: "words", version: "1", sha256, url: "https://elsewhere.org/words.whl" },
  ];
  expect(lines("git+https://ada:hush@example.org/stars", { archives }).hashed).toEqual([
    `words @ https://elsewhere.org/words.whl --hash=sha256:${sha256}`,
  ]);
});

it("a pinned folder is installed from where it is", () => {
  expect(lines("/srv/my stars", { kind: "folder-python", content: sha256 })).toEqual({
    ...none,
    pinned: ["file:///srv/my%20stars"],
  });
});

it("what two plugins share is asked for once", () => {
  const shared = { name: "words", version: "3.0", sha256 };
  const wanted = ["a", "b"].map((name) => ({
    request: { spec: name, kind: "pip" as const },
    pin: { spec: name, kind: "pip" as const, package: name, version: "1", archives: [shared] },
  }));
  expect(requirementsOf(wanted).hashed).toEqual([`words==3.0 --hash=sha256:${sha256}`]);
});
