import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memberPath } from "./member-path.ts";

describe("memberPath", () => {
  it("drops what says nothing", () => {
    expect(memberPath("./lib//x/./y.py")).toBe("lib/x/y.py");
    expect(memberPath("./")).toBe("");
  });

  it.each([
    ["an absolute path", "/etc/passwd"],
    ["a path to above", "../x"],
    ["a path through above", "lib/../../x"],
    ["a zero byte", "lib/x\0.py"],
    ["a name that is not UTF-8", "lib/\ufffd"],
    ["a part longer than a file name may be", `lib/${"x".repeat(256)}`],
    ["a path longer than a path may be", "x/".repeat(2000)],
  ])("refuses %s", (_, path) => {
    expect(() => memberPath(path)).toThrow(expect.objectContaining({ kind: "unsafe" }));
  });

  it("never gives a path that leads out of its folder", () => {
    const part = fc.constantFrom("..", ".", "", "a", "b\\c", "...", " ", "\n");
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        let path: string;
        try {
          path = memberPath(parts.join("/"));
        } catch {
          return;
        }
        const resolved = posix.resolve("/root/folder", path);
        expect(resolved === "/root/folder" || resolved.startsWith("/root/folder/")).toBe(true);
      }),
    );
  });
});
