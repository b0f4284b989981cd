import fc from "fast-check";
import { expect, it } from "vitest";
import { publicSpec } from "./public-spec.ts";

it.each([
  ["tljh-stars>=1,<2", "tljh-stars>=1,<2"],
  ["npm:@scope/stars@^1", "npm:@scope/stars@^1"],
  ["/srv/a@b/stars", "/srv/a@b/stars"],
  ["git+https://example.org/stars@v1#egg=stars", "git+https://example.org/stars@v1#egg=stars"],
  ["npm:git+ssh://git@example.org/stars.git#main", "npm:git+ssh://git@example.org/stars.git#main"],
])("leaves %s as it is, which holds no secret", (spec, expected) => {
  expect(publicSpec(spec)).toBe(expected);
});

it.each([
  ["git+https://ada:hush@example.org/stars@v1", "git+https://example.org/stars@v1"],
  ["git+https://hush@example.org/stars", "git+https://example.org/stars"],
  ["git+ssh://git:hush@example.org/stars", "git+ssh://git@example.org/stars"],
  ["stars @ https://ada:h@ush@example.org/stars.whl", "stars @ https://example.org/stars.whl"],
  [
    "npm:https://example.org/stars.tgz?private_token=hush&v=1",
    "npm:https://example.org/stars.tgz?v=1",
  ],
  [
    "https://example.org/stars.whl?X-Signature=hush#sha256=00",
    "https://example.org/stars.whl#sha256=00",
  ],
  ["https://conda.example.org/t/hush/stars", "https://conda.example.org/stars"],
])("takes the secret out of %s", (spec, expected) => {
  expect(publicSpec(spec)).toBe(expected);
});

it("finds nothing more to take out the second time, whatever it is given", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."ab:/@?#&=t.+ ") }), (text) => {
      expect(publicSpec(publicSpec(text))).toBe(publicSpec(text));
    }),
  );
});
