import { describe, expect, it } from "vitest";
import { checkLinks } from "./links.ts";

const check = (links: Record<string, string>) => () => checkLinks(new Map(Object.entries(links)));

describe("checkLinks", () => {
  it.each<[string, Record<string, string>]>([
    ["a link beside its target", { "lib/libz.so": "libz.so.1" }],
    ["a link up and down", { "lib/terminfo": "../share/terminfo" }],
    ["a link to what another package brings", { "bin/sh": "bash" }],
    ["a link through a link", { lib64: "lib", "bin/x": "../lib64/../lib/x" }],
  ])("accepts %s", (_, links) => {
    expect(check(links)).not.toThrow();
  });

  it.each<[string, Record<string, string>]>([
    ["an absolute target", { "etc/x": "/etc/passwd" }],
    ["a target above the package", { "lib/x": "../../x" }],
    [
      "a target that is above only when another link is followed",
      { "a/b/up": "../..", x: "a/b/up/../y" },
    ],
    ["links that go round", { a: "b", b: "a" }],
    ["an empty target", { a: "" }],
    ["a target with a zero byte", { a: "b\0c" }],
  ])("refuses %s", (_, links) => {
    expect(check(links)).toThrow(expect.objectContaining({ kind: "unsafe" }));
  });
});
