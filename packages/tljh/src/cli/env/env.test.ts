import { existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environmentServer, tljh } from "./fixtures.ts";

/** A server whose users' environment held these versions of a package one after another. */
async function serverWith(...versions: readonly string[]) {
  const server = environmentServer();
  for (const version of versions) await server.install(version);
  const file = (path: string) => join(server.paths.user, path);
  return Object.assign(server, { file, tool: () => readFileSync(file("share/tool.txt"), "utf8") });
}

describe("tljh env history", () => {
  it("lists what an environment has been, the latest first", async () => {
    using server = await serverWith("1", "2");
    mkdirSync(server.file("etc"));
    writeFileSync(server.file("etc/mine"), "");
    const { code, out } = await tljh("env", "history");
    expect([code, out.split("\n").map((line) => line.replaceAll(/ {2,}/g, "  "))]).toEqual([
      0,
      [
        expect.stringMatching(/^ {2}no\. {2}when {2}who {2}files {2}why {2}what changed$/),
        expect.stringMatching(
          /^\* {2}3 {2}20.* {2}by hand {2}in use {2}since then {2}1 files \(etc\/mine\)$/,
        ),
        expect.stringMatching(
          /^ {2}2 {2}20\d\d-\d\d-\d\d \d\d:\d\d {2}\S+( \d+)? {2}gone {2}tljh apply {2}tool 1 → 2$/,
        ),
        expect.stringMatching(/^ {2}1 {2}20.* {2}kept {2}tljh apply {2}\+ tool 1$/),
        "",
      ],
    ]);
  });

  it("gives the same as JSON, the oldest first", async () => {
    using _server = await serverWith("1", "2");
    const { out } = await tljh("env", "history", "--json");
    expect(JSON.parse(out)).toMatchObject([
      { number: 1, state: "kept" },
      { number: 2, state: "live", changes: [{ name: "tool", because: "tljh-simple" }] },
    ]);
  });

  it("is about the hub's environment when told, and says where there is none", async () => {
    using server = await serverWith("1");
    const { code, err } = await tljh("env", "history", "--environment", "hub");
    expect([code, err]).toEqual([1, expect.stringContaining("ENVIRONMENT_MISSING")]);
    await server.install("7", "hub");
    expect((await tljh("env", "history", "--environment", "hub")).out).toContain("+ tool 7");
  });
});

describe("tljh env diff", () => {
  it("shows what differs between two generations, or to the one in use", async () => {
    using _server = await serverWith("1", "2", "3");
    const text = async (...numbers: readonly string[]) =>
      (await tljh("env", "diff", ...numbers)).out;
    expect(await text("1", "2")).toBe("~ tool 1 → 2  (asked for by tljh-simple)\n");
    expect(await text("1")).toContain("tool 1 → 3");
    expect(await text("3", "1")).toBe("~ tool 3 → 1\n");
    expect(await text("2", "2")).toBe("The same packages.\n");
    expect(JSON.parse(await text("1", "2", "--json"))).toMatchObject([{ from: "1 0", to: "2 0" }]);
  });

  it("says which number is none", async () => {
    using _server = await serverWith("1");
    expect(await tljh("env", "diff", "9")).toMatchObject({
      code: 1,
      err: expect.stringContaining("CONDA_GENERATION_MISSING"),
    });
    expect(await tljh("env", "diff", "x")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/whole number from 1 on(.|\n)*tljh env diff --help/),
    });
  });
});

describe("tljh env rollback", () => {
  it("goes back to the generation before, or to the one named, and says what is still to be done", async () => {
    using server = await serverWith("1", "2", "3");
    const { code, out } = await tljh("env", "rollback");
    expect([code, server.tool()]).toEqual([0, "2"]);
    expect(out).toContain(
      "The user environment is what it was as generation 2; this is generation 4.\nRunning servers use it when they are restarted.\n",
    );
    await tljh("env", "rollback", "3");
    expect(server.tool()).toBe("3");
    expect(readFileSync(server.paths.installerLog, "utf8")).toContain("back to generation 3");
  });

  it("gives the new generation as JSON, and nothing else", async () => {
    using server = await serverWith("1", "2");
    for (const version of ["1", "2"]) await server.install(version, "hub");
    const { out } = await tljh("env", "rollback", "--environment", "hub", "--json");
    expect(JSON.parse(out)).toMatchObject({
      number: 3,
      rolledBackTo: 1,
      command: "tljh env rollback",
    });
    expect((await tljh("env", "rollback", "2", "--environment", "hub")).out).toContain(
      "sudo systemctl restart jupyterhub",
    );
  });
});

describe("tljh env verify", () => {
  it("ends with 0 where every file is right, and tells what is not its business", async () => {
    using server = await serverWith("1");
    writeFileSync(server.file("share/mine"), "");
    expect(await tljh("env", "verify")).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /3 files were looked at\.\nFiles of no package, left as they are \(1\):\n {2}share\/mine\n$/,
      ),
    });
  });

  it("ends with 1 where one is not, names it, and puts it right when asked to", async () => {
    using server = await serverWith("1");
    unlinkSync(server.file("share/tool.txt"));
    const { code, err } = await tljh("env", "verify");
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/share\/tool\.txt \(tool\) is missing(.|\n)*code: ENVIRONMENT_DAMAGED/),
    ]);
    const { out } = await tljh("env", "verify", "--json");
    expect(JSON.parse(out)).toMatchObject({ damaged: [{ path: "share/tool.txt" }] });
    const repaired = await tljh("env", "verify", "--repair");
    expect(repaired).toMatchObject({
      code: 0,
      out: expect.stringContaining("Put in place anew: tool. This is generation 2.\n"),
    });
    expect(server.tool()).toBe("1");
  });

  it("says what pip alone can bring back", async () => {
    using server = await serverWith("1");
    const python = { name: "python", version: "3.13.1", build: "0", build_number: 0 };
    writeFileSync(server.file("conda-meta/python-3.13.1-0.json"), JSON.stringify(python));
    const info = server.file("lib/python3.13/site-packages/mine-1.0.dist-info");
    mkdirSync(info, { recursive: true });
    writeFileSync(join(info, "RECORD"), "mine.py,,\n");
    const { code, err } = await tljh("env", "verify", "--repair");
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/--force-reinstall --no-deps mine\ncode: ENVIRONMENT_PIP_DAMAGED/),
    ]);
  });

  it("has nothing to repair where nothing is damaged", async () => {
    using _server = await serverWith("1");
    expect((await tljh("env", "verify", "--repair")).out).toContain("and none repaired");
  });
});

describe("tljh env gc", () => {
  it("removes what nothing needs, and says so before when asked to", async () => {
    using server = await serverWith("1", "2", "3");
    const dry = await tljh("env", "gc", "--keep", "1", "--dry-run");
    expect(dry.out).toMatch(
      /user-\d{8}T\d+Z {2}\(earlier generation 1\)\n.*tool-1-0 {2}\(package that no environment holds\)\nWould free \d+(\.\d)? kB\.\n$/,
    );
    expect(existsSync(join(server.paths.packages, "tool-1-0"))).toBe(true);
    const { items } = JSON.parse((await tljh("env", "gc", "--keep", "1", "--json")).out);
    expect(items).toMatchObject([{ kind: "generation", number: 1 }, { kind: "package" }]);
    expect(existsSync(join(server.paths.packages, "tool-1-0"))).toBe(false);
    expect((await tljh("env", "gc")).out).toBe("Nothing to remove: all that is there is needed.\n");
    expect(await tljh("env", "gc", "--keep", "many")).toMatchObject({ code: 2 });
  });
});
