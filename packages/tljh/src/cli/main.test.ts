import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { run } from "./main.ts";

const { act } = vi.hoisted(() => ({ act: vi.fn<() => Promise<void>>() }));

vi.mock("./apply.ts", async () => {
  const { Command } = await import("commander");
  return { applyCommand: () => new Command("apply").option("--json").action(act) };
});

const written = { out: "", err: "" };

/** Keeps what is written to one of the two, in place of writing it. */
const keep = (name: "out" | "err") => (text: string | Uint8Array) => {
  written[name] += text;
  return true;
};

/** What a call of the program comes to. */
async function tljh(...argv: readonly string[]) {
  Object.assign(written, { out: "", err: "" });
  const code = await run(argv);
  return { code, ...written };
}

beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockImplementation(keep("out"));
  vi.spyOn(process.stderr, "write").mockImplementation(keep("err"));
});

afterEach(() => void vi.restoreAllMocks());

describe("tljh", () => {
  it("ends with 0 when a command is done, and prints nothing itself", async () => {
    expect(await tljh("apply")).toEqual({ code: 0, out: "", err: "" });
  });

  it("ends with 1 when a command fails, and says why", async () => {
    act.mockRejectedValue(new Error("oops"));
    const { code, out, err } = await tljh("apply");
    expect([code, out, err]).toEqual([1, "", expect.stringMatching(/^error: oops\n/)]);
    expect(JSON.parse((await tljh("apply", "--json")).err)).toMatchObject({
      error: { code: "INTERNAL", message: "oops" },
    });
  });

  it.each([
    [["--help"], "Usage: tljh [options] [command]"],
    [["install", "--help"], "Usage: tljh install [options]"],
    [["--version"], ""],
  ])("%j is answered on standard output", async (argv, text) => {
    const answer = { code: 0, out: expect.stringContaining(text), err: "" };
    expect(await tljh(...argv)).toEqual(answer);
  });

  it("shows its help when called with nothing, and does not list what only services call", async () => {
    const { code, err } = await tljh();
    expect([code, err]).toEqual([2, expect.stringMatching(/^Usage: tljh/)]);
    expect(err).not.toContain("hub-config");
  });

  it.each([
    [["instal"], "unknown command 'instal' (Did you mean install?)", "tljh"],
    [["install", "--admn"], "unknown option '--admn' (Did you mean --admin?)", "tljh install"],
    [["install", "--plugin"], "option '--plugin <spec...>' argument missing", "tljh install"],
    [["plugin", "--frob"], "unknown option '--frob'", "tljh plugin"],
    [["plan", "x"], "too many arguments for 'plan'. Expected 0 arguments but got 1.", "tljh plan"],
  ])("%j is wrong usage", async (argv, message, command) => {
    const err = `error: ${message}\nwhat to do: See how it is written: ${command} --help\ncode: INSTALL_USAGE\n`;
    expect(await tljh(...argv)).toEqual({ code: 2, out: "", err });
  });
});
