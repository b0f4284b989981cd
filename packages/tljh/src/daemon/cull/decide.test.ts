import fc from "fast-check";
import { expect, test } from "vitest";
import { type CullSettings, decideCull, type HubServer, type HubUser } from "./decide.ts";

const now = Date.parse("2026-04-01T12:00:00Z");
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();

const usual: CullSettings = {
  enabled: true,
  timeout: 600,
  every: 60,
  concurrency: 5,
  users: false,
  max_age: 0,
  remove_named_servers: false,
  baseUrl: "/",
};

const server = (over: Partial<HubServer> = {}): HubServer => ({
  name: "",
  ready: true,
  pending: null,
  started: ago(5000),
  last_activity: ago(1000),
  ...over,
});

const user = (servers: readonly HubServer[], over: Partial<HubUser> = {}): HubUser => ({
  name: "alice",
  created: ago(9000),
  last_activity: ago(1000),
  servers: Object.fromEntries(servers.map((one) => [one.name, one])),
  ...over,
});

const decide = (one: HubUser, settings: Partial<CullSettings> = {}) =>
  decideCull([one], now, { ...usual, ...settings })[0];

test("a server that was idle for too long is stopped, and the user stays", () => {
  expect(decide(user([server()]))).toEqual({
    user: "alice",
    servers: [{ name: "", remove: false, because: "idle for 1000 s" }],
    remove: null,
  });
});

test.each([
  ["is in use", { last_activity: ago(599) }],
  ["was active in the future", { last_activity: ago(-50) }],
  ["is starting", { pending: "spawn", ready: false }],
  ["is stopping", { pending: "stop" }],
  ["is stopped already", { stopped: true, ready: false }],
  ["is not ready", { ready: false }],
  ["was never active, but started just now", { last_activity: null, started: ago(10) }],
  ["has no times at all", { last_activity: null, started: null }],
  ["has times that are none", { last_activity: "soon", started: "never" }],
])("a server that %s is left alone", (_, over) => {
  expect(decide(user([server(over)]))).toBeUndefined();
});

test("exactly the timeout is too long", () => {
  expect(decide(user([server({ last_activity: ago(600) })]))?.servers).toHaveLength(1);
});

test("a server without any activity counts from its start", () => {
  expect(decide(user([server({ last_activity: null })]))?.servers).toHaveLength(1);
});

test("a server in use is stopped when it is too old", () => {
  const used = user([server({ last_activity: ago(1), started: ago(3600) })]);
  expect(decide(used)).toBeUndefined();
  expect(decide(used, { max_age: 3600 })?.servers[0]?.because).toBe("3600 s old");
  expect(decide(used, { max_age: 3601 })).toBeUndefined();
});

test("times without a zone are UTC, and microseconds are read", () => {
  const last_activity = "2026-04-01T11:49:59.123456";
  expect(decide(user([server({ last_activity })]))?.servers).toHaveLength(1);
  expect(decide(user([server({ last_activity: "2026-04-01T11:55:00" })]))).toBeUndefined();
  expect(
    decide(user([server({ last_activity: "2026-04-01T13:49:00+02:00" })]))?.servers,
  ).toHaveLength(1);
});

test("named servers are culled one by one, and removed only when asked for", () => {
  const two = user([server({ name: "gpu" }), server({ last_activity: ago(5) })]);
  expect(decide(two)?.servers).toEqual([
    { name: "gpu", remove: false, because: "idle for 1000 s" },
  ]);
  expect(decide(two, { remove_named_servers: true })?.servers[0]?.remove).toBe(true);
});

test("the default server is never removed from the list", () => {
  expect(decide(user([server()]), { remove_named_servers: true })?.servers[0]?.remove).toBe(false);
});

test("with users: true an idle user goes too, after the servers", () => {
  expect(decide(user([server()]), { users: true })?.remove).toBe("idle for 1000 s");
  expect(decide(user([]), { users: true })).toMatchObject({
    servers: [],
    remove: "idle for 1000 s",
  });
});

test.each([
  ["has a server that stays", user([server({ last_activity: ago(5) })])],
  ["has a server that is starting", user([server({ pending: "spawn" })])],
  ["was active", user([], { last_activity: ago(5) })],
  ["was made just now", user([], { last_activity: null, created: ago(5) })],
  ["is an admin", user([], { admin: true })],
])("a user who %s is not removed", (_, one) => {
  expect(decide(one, { users: true })?.remove ?? null).toBeNull();
});

test("nothing is done when culling is off", () => {
  expect(decideCull([user([server()])], now, { ...usual, enabled: false })).toEqual([]);
});

test("whatever the hub answers, no pending server is stopped and no user with one removed", () => {
  const time = fc.oneof(fc.constant(null), fc.string(), fc.integer({ min: 0, max: 9000 }).map(ago));
  const one = fc.record({
    name: fc.string(),
    ready: fc.boolean(),
    stopped: fc.boolean(),
    pending: fc.constantFrom(null, "spawn", "stop"),
    started: time,
    last_activity: time,
  });
  const settings = fc.record({ users: fc.boolean(), max_age: fc.constantFrom(0, 100) });
  fc.assert(
    fc.property(fc.array(one), time, settings, (servers, last_activity, over) => {
      const hubUser = user(servers, { last_activity });
      const decided = decide(hubUser, over);
      const pending = Object.values(hubUser.servers ?? {}).filter((s) => s.pending && !s.stopped);
      for (const { name } of decided?.servers ?? []) {
        expect(hubUser.servers?.[name]?.pending).toBeNull();
      }
      if (pending.length > 0) expect(decided?.remove ?? null).toBeNull();
    }),
  );
});
