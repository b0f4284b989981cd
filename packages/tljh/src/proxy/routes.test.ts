import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseRoutes, RouteStore } from "./routes.ts";

let folder: string;
let file: string;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "routes-"));
  file = join(folder, "routes.json");
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (boot = "one", at = file) =>
  RouteStore.open(at, { boot, log: (_, message) => lines.push(message), activityDelay: 1 });
const alice = () => ({ target: "http://127.0.0.1:4001", user: "alice", jupyterhub: true });

test("a route that was added is on disk when the hub is told so", async () => {
  const store = await open();
  await store.add("/user/alice/", alice());
  expect(await (await open()).get("/user/alice")).toEqual(alice());
});

test("a route that was removed does not come back", async () => {
  const store = await open();
  await store.add("/user/alice", alice());
  await store.remove("/user/alice");
  expect(await (await open()).getAll()).toEqual({});
});

test("changes at the same time are all kept, in few writes, and leave no other files", async () => {
  const store = await open();
  const users = Array.from({ length: 50 }, (_, i) => `/user/u${i}`);
  await Promise.all(users.map((path) => store.add(path, alice())));
  expect(Object.keys(await (await open()).getAll())).toEqual(users);
  expect(readdirSync(folder)).toEqual(["routes.json"]);
});

test("what comes back finds requests and has times as times", async () => {
  const store = await open();
  await store.add("/user/alice", alice());
  store.update("/user/alice", { last_activity: new Date(5000) });
  await store.save();
  const again = await open();
  expect((await again.get("/user/alice"))?.last_activity).toEqual(new Date(5000));
});

test("activity is saved by itself", async () => {
  const store = await open();
  await store.add("/user/alice", alice());
  store.update("/user/alice", { last_activity: new Date(5000) });
  await expect.poll(() => readFileSync(file, "utf8")).toContain("1970-01-01T00:00:05");
});

test("activity on a route that is gone is ignored", async () => {
  const store = await open();
  expect(() => store.update("/user/bob", { last_activity: new Date() })).not.toThrow();
});

test("routes of an earlier boot are forgotten without a word", async () => {
  await (await open("one")).add("/user/alice", alice());
  expect(await (await open("two")).getAll()).toEqual({});
  expect(lines).toEqual([]);
});

test.each(["", "{", '"x"', '{"version":9}', '{"version":1,"boot":"one"}'])(
  "the file %j is an empty one, and is said so",
  async (text) => {
    writeFileSync(file, text);
    const store = await open();
    expect([await store.getAll(), lines]).toEqual([{}, ["routes were not restored"]]);
    await store.add("/", alice());
    expect(Object.keys(await (await open()).getAll())).toEqual(["/"]);
  },
);

test("routes without a usable target are left out", () => {
  const routes = { "/a": alice(), "/b": {}, "/c": { target: "nonsense" }, "/d": null };
  const text = JSON.stringify({ version: 1, boot: "one", routes });
  expect(parseRoutes(text, "one")).toEqual([["/a", alice()]]);
});

test.each([
  ["/", "/"],
  ["/user/alice", "/user/alice"],
  ["/user/alice/", "/user/alice"],
  ["//user/alice/lab/tree", "/user/alice"],
  ["/user/alicee", "/"],
  ["/user", "/"],
  ["/__proto__/x", "/"],
  ["/constructor", "/"],
])("a request to %s takes the route %s", async (path, prefix) => {
  const store = await open();
  await store.add("/", alice());
  await store.add("/user/alice/", alice());
  expect((await store.getTarget(path))?.prefix).toBe(prefix);
});

test("without any route there is no target", async () => {
  expect(await (await open()).getTarget("/user/alice")).toBeUndefined();
});

test("a disk that takes nothing does not stop logins", async () => {
  const store = await open("one", join(folder, "missing", "routes.json"));
  await store.add("/user/alice", alice());
  expect(await store.get("/user/alice")).toEqual(alice());
  expect(lines).toEqual(["routes were not saved"]);
  chmodSync(folder, 0o700);
});

test("whatever is added and removed, the file says the same as the memory", async () => {
  const change = fc.record({
    path: fc.constantFrom("/", "/a", "/a/b", "/__proto__", "/c"),
    add: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
      rmSync(file, { force: true });
      const store = await open();
      await Promise.all(
        changes.map(({ path, add }) => (add ? store.add(path, alice()) : store.remove(path))),
      );
      expect(await (await open()).getAll()).toEqual(await store.getAll());
    }),
    { numRuns: 25 },
  );
});
