import { expect, test } from "vitest";
import { neededPrograms } from "./prerequisites.ts";

const names = (...specs: readonly string[]) =>
  neededPrograms(specs.map((spec) => ({ spec, kind: "pip" }))).map(({ debian }) => debian);

test("git is needed only where a plugin comes from a git address", () => {
  expect(names("tljh-repo2docker")).toEqual(["sudo", "bzip2"]);
  expect(names("git+https://example.org/plugin.git")).toContain("git");
  expect(names("plugin @ git+ssh://git@example.org/plugin")).toContain("git");
});
