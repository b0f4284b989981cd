import { expect, it } from "vitest";
import type { ConfigOutcome } from "../plugins/index.ts";
import { configDifferences } from "./config-differences.ts";

const nobody = () => undefined;

/** The configuration as it stands there, as the admin has it, and what one plugin makes of it. */
function outcome(
  file: Record<string, unknown>,
  after: Record<string, unknown>,
  more: Partial<ConfigOutcome> = {},
): ConfigOutcome {
  return { file, admin: file, after, plugins: [], ...more };
}

const by = (plugin: string, ...paths: string[]) => ({
  plugins: [{ plugin, writes: paths.map((path) => ({ path: path.split(".") })) }],
});

it("names the plugin behind each key, and what it puts there", () => {
  const after = { limits: { memory: "1G" }, quota: { disk: 3 } };
  const both = [...by("a", "limits.memory").plugins, ...by("b", "quota.disk").plugins];
  expect(configDifferences(outcome({}, after, { plugins: both }), nobody)).toMatchObject([
    { action: "add", what: 'limits.memory: "1G"', because: "a" },
    { action: "add", what: "quota.disk: 3", because: "b" },
  ]);
});

it("shows where a plugin changes or removes what the admin has set", () => {
  const file = { limits: { memory: "4G" }, quota: 3 };
  const after = { limits: { memory: "1G" } };
  const found = configDifferences(outcome(file, after, by("a", "limits.memory", "quota")), nobody);
  expect(found).toMatchObject([
    {
      action: "change",
      what: 'limits.memory: "4G" → "1G", set by the admin',
      because: "a",
      overwritten: true,
    },
    { action: "remove", what: "quota: 3, set by the admin", because: "a", overwritten: true },
  ]);
});

it("does not call it the admin's where a plugin changes what a plugin wrote", () => {
  const changed = outcome({ quota: 1 }, { quota: 2 }, { admin: {}, ...by("a", "quota") });
  const [difference] = configDifferences(changed, nobody);
  expect(difference).toMatchObject({ what: "quota: 1 → 2", because: "a" });
  expect(difference?.overwritten).toBeUndefined();
});

it("says whose key it was that goes, or is put back", () => {
  const found = configDifferences(outcome({ quota: 1, a: 1 }, { quota: 3 }), () => "gone");
  expect(found).toMatchObject([
    { action: "change", what: "quota: 1 → 3", formerly: "gone" },
    { action: "remove", what: "a: 1", formerly: "gone" },
  ]);
});

it("says no more of what the admin asks for than the key", () => {
  expect(configDifferences(outcome({}, { users: { admin: ["ada"] } }), nobody)).toEqual([
    { action: "add", what: "users.admin", path: ["users", "admin"] },
  ]);
});

it("shows no secrets", () => {
  const file = { auth: { X: { client_secret: "s3cret" } }, services: [{ api_token: "t0ken" }] };
  const after = { auth: { X: { client_secret: "other" } }, services: [{ api_token: "new" }] };
  const plugins = by("a", "auth.X.client_secret", "services");
  const said = configDifferences(outcome(file, after, plugins), nobody).map(({ what }) => what);
  expect(said).toEqual([
    "auth.X.client_secret: (secret) → (secret), set by the admin",
    'services: [{"api_token":"(secret)"}] → [{"api_token":"(secret)"}], set by the admin',
  ]);
});
