import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { run } from "./tljh-config.ts";

const description = "x";
const keys = {
  gigabytes: { type: "integer", minimum: 1, default: 10, description },
  id: { type: "string", description },
  groups: { type: "array", items: { type: "string" }, description },
};
let file = "";

beforeEach(async () => {
  const prefix = await mkdtemp(join(tmpdir(), "tljh-cli-"));
  vi.stubEnv("TLJH_INSTALL_PREFIX", prefix);
  await mkdir(join(prefix, "state"));
  await mkdir(join(prefix, "config"));
  file = join(prefix, "config/config.yaml");
  const record = { version: 1, plugins: { disks: { section: "quota", keys } } };
  await writeFile(join(prefix, "state/plugin-settings.json"), JSON.stringify(record));
});
afterEach(() => vi.unstubAllEnvs());

async function config(...argv: string[]) {
  let out = "";
  let err = "";
  const code = await run(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: true,
    color: false,
    user: 0,
  });
  return { code, out, err };
}
const text = () => readFile(file, "utf8");

it.each([
  [["set", "quota.gigabytes", "20"], "quota:\n  gigabytes: 20\n"],
  [["set", "quota.id", "007"], "quota:\n  id: '007'\n"],
  [["add-item", "quota.groups", "12"], "quota:\n  groups:\n  - '12'\n"],
  [["set", "other.key", "007"], "other:\n  key: 7\n"],
  [["--no-validate", "set", "quota.gigabytes", "lots"], "quota:\n  gigabytes: lots\n"],
])("%j writes %j", async (argv, expected) => {
  expect(await config(...argv)).toMatchObject({ code: 0, out: "" });
  expect(await text()).toBe(expected);
});

it("removes an item that stands in the file as a number", async () => {
  await writeFile(file, "quota:\n  groups: [12, 007]\n");
  await config("remove-item", "quota.groups", "007");
  expect(await text()).toBe("quota:\n  groups: [12]\n");
});

it.each([
  [
    ["set", "quota.gigabytes", "lots"],
    'quota.gigabytes is "lots", but must be a whole number, 1 or more',
  ],
  [["set", "quota.gigabites", "5"], "quota.gigabites: did you mean quota.gigabytes?"],
  [["set", "quota.groups", "a"], "quota.groups is a list, and cannot be set to a single value"],
  [["add-item", "quota.gigabytes", "a"], "quota.gigabytes is a list, but must be a whole number"],
  [["set", "quota", "5"], "quota is 5, but must be a section with the keys gigabytes, id, groups"],
])("%j is refused, and nothing is written", async (argv, message) => {
  await writeFile(file, "# as before\n");
  const { code, err } = await config(...argv);
  expect([code, err]).toEqual([1, expect.stringContaining(`error: ${message}`)]);
  expect(err).toContain("what to do: ");
  expect(await text()).toBe("# as before\n");
});

it("says what makes a plugin's setting take effect", async () => {
  const { err } = await config("set", "quota.gigabytes", "20");
  expect(err).toBe("Apply it with: sudo tljh apply\n");
});

it("lets a file with a mistake in a plugin's section be edited elsewhere, and tells of it", async () => {
  await writeFile(file, "quota:\n  gigabytes: lots\n");
  const { code, err } = await config("set", "limits.cpu", "2");
  expect([code, err]).toEqual([0, expect.stringContaining('note: quota.gigabytes is "lots"')]);
});

it("shows a plugin's defaults among all others", async () => {
  await writeFile(file, "quota:\n  id: 007\n");
  const effective = JSON.parse((await config("show", "--effective", "--json")).out);
  expect(effective.quota).toEqual({ gigabytes: 10, id: "007" });
  expect(JSON.parse((await config("show", "--json")).out)).toEqual({ quota: { id: "007" } });
});
