import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { notRoot } from "../errors/install.ts";
import { resource } from "../resources/resource.ts";
import { serverPaths } from "../system/paths.ts";
import { applyServer, recorded } from "./apply.ts";

const { resources } = vi.hoisted(() => ({ resources: [] as object[] }));

vi.mock("../resources/server.ts", () => ({ server: resources }));

let out = "";
let paths = serverPaths();

/** A piece of the server that is not as wanted until it was changed. */
function piece(change: () => Promise<void> = async () => {}) {
  let changed = false;
  return resource({
    id: "piece",
    title: "Piece",
    read: async () => changed,
    compare: (found) => (found ? [] : [{ action: "add", what: "a part" }]),
    change: async () => {
      await change();
      changed = true;
      return undefined;
    },
  });
}

const apply = (json = false) => applyServer({ paths, wanted: recorded(null), admins: [], json });

beforeEach(() => {
  out = "";
  paths = serverPaths(join(mkdtempSync(join(tmpdir(), "tljh-apply-")), "tljh"));
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
});

afterEach(() => void vi.restoreAllMocks());

// The log is opened with no right to write, which is no obstacle for root alone.
describe.skipIf(process.getuid?.() !== 0)("a server that is applied", () => {
  it("is changed once, and says where the hub is each time", async () => {
    resources.splice(0, Number.POSITIVE_INFINITY, piece());
    await apply();
    expect(out).toMatch(/Piece.*a part\nDone in \S+ s\. Log: .*\nThe hub is at http:\/\/\S+\/\n$/s);
    out = "";
    await apply();
    expect(out).toMatch(/Piece.*as wanted\nNothing to do \(\S+ s\)\.\nThe hub is at /s);
  });

  it("is logged, for root alone", async () => {
    resources.splice(0, Number.POSITIVE_INFINITY, piece());
    await apply();
    expect(readFileSync(paths.installerLog, "utf8")).toMatch(
      /^\d{4}-\S+Z \[1\/1\] Piece\n\S+Z Piece: changed \(a part\), \d+ ms\n$/,
    );
    expect(statSync(paths.installerLog).mode & 0o777).toBe(0o500);
  });

  it("is told as JSON, errors with their code", async () => {
    const failing = piece(() => Promise.reject(notRoot("x")));
    resources.splice(0, Number.POSITIVE_INFINITY, failing);
    await expect(apply(true)).rejects.toMatchObject({ code: "INSTALL_NOT_ROOT" });
    const events = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events).toMatchObject([
      { type: "step.start", title: "Piece" },
      {
        type: "step.failed",
        error: {
          code: "INSTALL_NOT_ROOT",
          remedy: "Run the same command with sudo in front of it, as in: sudo x",
        },
      },
    ]);
  });

  it("is free for the next run, however this one ended", async () => {
    resources.splice(
      0,
      Number.POSITIVE_INFINITY,
      piece(() => Promise.reject(new Error("no"))),
    );
    await expect(apply()).rejects.toThrow("no");
    await expect(apply()).rejects.toThrow("no");
  });
});

it("without a record, a server holds the defaults", () => {
  expect(recorded(null)).toMatchObject({ channels: ["conda-forge"], plugins: [] });
});
