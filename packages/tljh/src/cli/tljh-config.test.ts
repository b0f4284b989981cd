import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { tryLock } from "../system/lock.ts";
import { commands } from "./tljh-config/help.ts";
import { run } from "./tljh-config.ts";

let file = "";
beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), "tljh-cli-")), "config.yaml");
});

async function call(argv: readonly string[], { terminal = false, user = 0 } = {}) {
  let out = "";
  let err = "";
  const code = await run(argv, {
    out: (text) => {
      out += typeof text === "string" ? text : Buffer.from(text).toString();
    },
    err: (text) => {
      err += text;
    },
    terminal,
    color: false,
    user,
  });
  return { code, out, err };
}
const config = (...argv: string[]) => call(["--config-path", file, ...argv]);
const text = () => readFile(file, "utf8");

describe("tljh-config", () => {
  it("without a command prints its usage", async () => {
    const { code, out } = await call([]);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^usage: tljh-config .*positional arguments:/s),
    ]);
    expect(await call(["--help"])).toEqual({ code: 0, out, err: "" });
  });

  it.each(Object.keys(commands))(
    "%s --help tells how it is used, with examples",
    async (command) => {
      const { code, out } = await call([command, "--help"]);
      expect([code, out]).toEqual([
        0,
        expect.stringMatching(new RegExp(`^usage: tljh-config ${command} `)),
      ]);
      expect(out).toContain(`examples:\n  sudo tljh-config ${command}`);
    },
  );

  it.each([
    [["foo"], 'there is no command "foo"'],
    [["--foo"], "unknown option --foo"],
    [["set", "a", "-b"], "unknown option -b; a value that begins with a dash goes behind --"],
    [["set"], "tljh-config set: key_path and value missing"],
    [["set", "a"], "tljh-config set: value missing"],
    [["set", "a", "b", "c"], 'tljh-config set: "c" is too much; put a value with spaces in quotes'],
    [["show", "x"], 'tljh-config show: "x" is too much'],
    [["reload", "all"], 'tljh-config reload: there is no component "all"'],
    [["reload", "--timeout", "soon"], "--timeout needs a number of seconds"],
    [["show", "--config-path"], "--config-path needs a path"],
    [["show", "--json=1"], "unknown option --json"],
  ])("%j is wrong usage", async (argv, message) => {
    const { code, out, err } = await call(argv);
    expect([code, out, err]).toEqual([2, "", expect.stringContaining(`error: ${message}`)]);
    expect(err).toMatch(/what to do: usage: tljh-config.*\ncode: CONFIG_USAGE\n$/);
  });

  it("tells its errors as JSON if asked to", async () => {
    const { err } = await config("unset", "a", "--json");
    expect(JSON.parse(err)).toMatchObject({ error: { code: "CONFIG_KEY_MISSING" } });
  });
});

describe("tljh-config show", () => {
  it("prints the file byte for byte", async () => {
    const bytes = Buffer.from("# Just some test YAML\r\na:\n  b:\n  - h\n  - 1 \xff", "latin1");
    await writeFile(file, bytes);
    const chunks: Uint8Array[] = [];
    const io = { err: () => {}, terminal: false, color: false, user: 0 };
    await run(["show", "--config-path", file], {
      ...io,
      out: (text) => void chunks.push(Buffer.from(text)),
    });
    expect(Buffer.concat(chunks)).toEqual(bytes);
  });

  it("prints a broken file too, and an empty map for none", async () => {
    expect(await config("show")).toEqual({ code: 0, out: "{}\n", err: "" });
    await writeFile(file, "a: b: c\n");
    expect((await config("show")).out).toBe("a: b: c\n");
    expect(await config("show", "--json")).toMatchObject({
      code: 1,
      err: expect.stringContaining("is not valid YAML at line 1, column 4"),
    });
  });

  it("prints JSON, and what the hub sees", async () => {
    await writeFile(file, "users:\n  admin: [007]\nquota: {id: 12345678901234567890}\n");
    const { out } = await config("show", "--json");
    expect(JSON.parse(out)).toMatchObject({ users: { admin: ["007"] } });
    expect(out).toContain("12345678901234567890");
    const effective = (await config("show", "--effective")).out;
    expect(effective).toContain('http:\n  address: ""\n  port: 80\n');
    expect(effective).toContain('- "007"');
    expect(JSON.parse((await config("show", "--effective", "--json")).out)).toMatchObject({
      services: { cull: { timeout: 600 } },
    });
  });

  it("says which file cannot be read", async () => {
    expect(await call(["show", "--config-path", tmpdir()])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error: .* cannot be read\ncause: EISDIR.*\nwhat to do: /s),
    });
  });
});

describe("tljh-config set, unset, add-item and remove-item", () => {
  it.each([
    [["set", "https.enabled", "true"], "https:\n  enabled: true\n"],
    [["set", "https.enabled", "FALSE"], "https:\n  enabled: false\n"],
    [["set", "https.port", "123"], "https:\n  port: 123\n"],
    [["set", "limits.memory", "none"], "limits:\n  memory: null\n"],
    [["add-item", "foo.bar", "1.25"], "foo:\n  bar:\n  - 1.25\n"],
    [["add-item", "users.admin", "007"], "users:\n  admin:\n  - '007'\n"],
    [
      ["set", "auth.DummyAuthenticator.password", "007"],
      "auth:\n  DummyAuthenticator:\n    password: '007'\n",
    ],
    [["set", "some.key", "-5"], "some:\n  key: '-5'\n"],
    [["set", "some.key", "--", "--json"], "some:\n  key: '--json'\n"],
    [["set", "some.key", ""], "some:\n  key: ''\n"],
    [["--no-validate", "set", "limits.memory", "banana"], "limits:\n  memory: banana\n"],
    [["set", "users.admin", "alice", "--no-validate"], "users:\n  admin: alice\n"],
    [["set", "users.admin", "none"], "users:\n  admin: null\n"],
  ])("%j writes %j and says nothing", async (argv, expected) => {
    const { code, out } = await config(...argv);
    expect([code, out, await text()]).toEqual([0, "", expected]);
  });

  it("change only what they are about", async () => {
    await writeFile(
      file,
      "# mine\nfoo: {bar: 1, bar2: 2} # both\n\nusers:\n    admin: # us\n      - a\n      - b\n",
    );
    await config("unset", "foo.bar");
    await config("remove-item", "users.admin", "a");
    await config("set", "limits.cpu", "1.5");
    expect(await text()).toBe(
      "# mine\nfoo: {bar2: 2} # both\n\nusers:\n    admin: # us\n      - b\nlimits:\n    cpu: 1.5\n",
    );
  });

  it("remove a name that stands in the file as a number", async () => {
    await writeFile(file, "users:\n  admin:\n  - 007\n  - 7\n");
    await config("remove-item", "users.admin", "7");
    expect(await text()).toBe("users:\n  admin:\n  - 007\n");
  });

  it.each([
    [
      ["set", "limits.memory", "banana"],
      'limits.memory is "banana", but must be a number of bytes',
    ],
    [["set", "auth.tpye", "dummy"], "auth.tpye: did you mean auth.type?"],
    [["set", "limit.memory", "4G"], "limit: did you mean limits?"],
    [["set", "http", "80"], "http is 80, but must be a section with the keys address, port"],
    [["add-item", "limits.memory", "4G"], "limits.memory is a list, but must be a number of bytes"],
    [
      ["add-item", "https.letsencrypt.domains", "a b"],
      'https.letsencrypt.domains.0 is "a b", but must be a domain name',
    ],
    [["set", "auth.foo", "x"], "auth.foo is neither auth.type nor named after a class"],
  ])("%j is refused", async (argv, message) => {
    await writeFile(file, "# as before\n");
    const { code, err } = await config(...argv);
    expect([code, err]).toEqual([1, expect.stringContaining(`error: ${message}`)]);
    expect(err).toContain("--no-validate");
    expect(await text()).toBe("# as before\n");
  });

  it.each([["users.admin"], ["https.letsencrypt.domains"], ["users.extra_user_groups.g"]])(
    "set %s to a single value is refused, with what to do instead",
    async (key) => {
      expect(await config("set", key, "x")).toMatchObject({
        code: 1,
        err: `error: ${key} is a list, and cannot be set to a single value\nwhat to do: Add to it: sudo tljh-config add-item ${key} x\ncode: CONFIG_LIST_EXPECTED\n`,
      });
    },
  );

  it.each([
    [["unset", "a.b"], "a.b does not exist in config!"],
    [["remove-item", "a", "b"], "a is not a list"],
    [["remove-item", "users.admin", "x"], "users.admin does not exist in config!"],
    [["set", "a..b", "1"], '"a..b" is not the path of a key'],
  ])("%j fails", async (argv, message) => {
    expect(await config(...argv)).toMatchObject({ code: 1, err: expect.stringContaining(message) });
  });

  it("mend a file with several mistakes one by one, and say what is left", async () => {
    await writeFile(file, "auth:\n  tpye: dummy\nlimits:\n  memory: banana\n");
    const first = await config("unset", "auth.tpye");
    expect([first.code, first.err]).toEqual([
      0,
      expect.stringMatching(/^note: limits.memory is "banana"/),
    ]);
    expect(await config("set", "limits.memory", "bananas")).toMatchObject({ code: 1 });
    expect(await config("set", "limits.memory", "4G")).toMatchObject({ code: 0, err: "" });
    expect(await text()).toBe("limits:\n  memory: 4G\n");
  });

  it("may leave HTTPS unfinished, which they say", async () => {
    const { code, err } = await config("set", "https.enabled", "true");
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/^note: https.enabled is true, but neither/),
    ]);
    expect((await config("set", "https.tls.key", "/k")).err).toContain("https.tls.cert is not");
    expect((await config("set", "https.tls.cert", "/c")).err).toBe("");
  });

  it.each([
    ["limits.cpu", "2", "Apply it with: sudo tljh-config reload\n"],
    ["http.port", "8080", "Apply it with: sudo tljh-config reload proxy\n"],
    ["base_url", "/x", "Apply it with: sudo tljh-config reload && sudo tljh-config reload proxy\n"],
    ["services.cull.every", "5", "It takes effect within a minute.\n"],
  ])("tell a person how %s takes effect", async (key, value, hint) => {
    const argv = ["--config-path", file, "set", key, value];
    expect((await call(argv, { terminal: true })).err).toBe(hint);
    expect((await call(argv, { terminal: true })).err).toBe("");
  });

  it("of a broken file tell the place", async () => {
    await writeFile(file, "a: 1\nb: [\n");
    expect(await config("set", "a", "2")).toMatchObject({
      code: 1,
      err: expect.stringContaining(`${file} is not valid YAML at line 2`),
    });
  });

  it("wait a second for another that holds the lock, then give up", async () => {
    await using _other = await tryLock(`${file}.lock`, 0.1);
    expect(await config("set", "a", "1")).toMatchObject({
      code: 1,
      err: expect.stringContaining(`Another instance of tljh-config holds the lock ${file}.lock.`),
    });
  });
});
