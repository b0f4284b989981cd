import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pluginNames } from "./names.ts";

describe("a new plugin's names", () => {
  it.each(["stars", "tljh-stars"])("are made of %s, with tljh- in front once", (given) => {
    expect(pluginNames(given, "python")).toEqual({
      package: "tljh-stars",
      folder: "tljh-stars",
      plugin: "stars",
      module: "tljh_stars",
    });
  });

  it("keep npm's scope for the package alone", () => {
    expect(pluginNames("@observatory/dark-sky", "typescript")).toEqual({
      package: "@observatory/tljh-dark-sky",
      folder: "tljh-dark-sky",
      plugin: "dark-sky",
      module: "tljh_dark_sky",
    });
  });

  it("are ones that Python can import whatever is given", () => {
    expect(pluginNames("2023-course", "python").module).toBe("tljh_2023_course");
  });

  it.each([
    ["Stars", "tljh plugin new stars"],
    ["dark_sky", "tljh plugin new dark-sky"],
    ["dark--sky", "tljh plugin new dark-sky"],
    ["../stars", "tljh plugin new stars"],
    ["-stars", "tljh plugin new stars"],
    ["@observatory/Stars", "tljh plugin new @observatory/stars"],
    ["stars\n", "tljh plugin new stars"],
    ["", "as in: tljh plugin new tljh-stars"],
    ["..", "as in: tljh plugin new tljh-stars"],
    ["tljh", "as in: tljh plugin new tljh-stars"],
    ["tljh-", "as in: tljh plugin new tljh-stars"],
    ["x".repeat(101), "as in: tljh plugin new tljh-stars"],
  ])("%j is refused with a name that would do", (given, remedy) => {
    expect(() => pluginNames(given, "typescript")).toThrowError(
      expect.objectContaining({
        code: "PLUGIN_NAME_UNUSABLE",
        message: expect.stringContaining(JSON.stringify(given)),
        remedy: expect.stringContaining(remedy),
      }),
    );
  });

  it("have no scope in Python", () => {
    expect(() => pluginNames("@observatory/stars", "python")).toThrowError(
      expect.objectContaining({ remedy: "Try: tljh plugin new stars" }),
    );
  });

  it("never lead out of the folder, whatever is given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (given) => {
        try {
          const { folder, module } = pluginNames(given, "typescript");
          expect(folder).toMatch(/^tljh-[a-z0-9-]+$/);
          expect(module).toMatch(/^tljh_[a-z0-9_]+$/);
        } catch (error) {
          expect(error).toMatchObject({ code: "PLUGIN_NAME_UNUSABLE" });
        }
      }),
    );
  });
});
