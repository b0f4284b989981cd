import { expect, it } from "vitest";
import type { PluginRequest } from "../plugins/index.ts";
import { mergeRequests, packageOf } from "./package-of.ts";

const request = (spec: string): PluginRequest => ({
  spec,
  kind: spec.startsWith("npm:") ? "npm" : spec.startsWith("/") ? "folder-npm" : "pip",
});

it.each([
  ["npm:tljh-stars", "npm:tljh-stars"],
  ["npm:tljh-stars@^1.2", "npm:tljh-stars"],
  ["npm:@sky/stars@latest", "npm:@sky/stars"],
  ["Tljh_Stars[x]>=1", "pip:tljh-stars"],
  ["stars @ https://example.org/x.whl", "pip:stars"],
  ["npm:https://example.org/x.tgz", undefined],
  ["npm:git+https://example.org/x", undefined],
  ["npm:ada/stars", undefined],
  ["npm:/srv/x.tgz", undefined],
  ["git+https://example.org/x", undefined],
  ["/srv/stars", undefined],
])("the request %s names %s", (spec, name) => {
  expect(packageOf(request(spec))).toBe(name);
});

it.each([
  [["a>=1", "b"], ["a==2"], ["a==2", "b"]],
  [["npm:a@1"], ["npm:a@2", "npm:a"], ["npm:a"]],
  [["npm:a"], ["a"], ["npm:a", "a"]],
  [["/srv/a"], ["/srv/a", "/srv/b"], ["/srv/a", "/srv/b"]],
])("%j with %j on top is %j", (before, more, all) => {
  const merged = mergeRequests(before.map(request), more.map(request));
  expect(merged.map(({ spec }) => spec)).toEqual(all);
});
