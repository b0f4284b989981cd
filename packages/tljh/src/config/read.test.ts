import { afterEach, describe, expect, it, vi } from "vitest";
import { readConfigText, readFailed } from "./read.ts";

afterEach(() => vi.restoreAllMocks());
const failure = (code: string) => Object.assign(new Error(`${code}: it failed`), { code });

describe("a config.yaml that cannot be read", () => {
  it("is empty when it is not there", async () => {
    expect(await readConfigText("/nowhere/config.yaml")).toBe("");
  });

  it("is for root, in the original's words", () => {
    vi.spyOn(process, "geteuid").mockReturnValue(1000);
    expect(() => readFailed("f", failure("EACCES"))).toThrowError(
      expect.objectContaining({
        code: "CONFIG_NEEDS_ROOT",
        message: "tljh-config needs root privileges to run",
        remedy: "Try using sudo before the tljh-config command you wanted to run",
      }),
    );
  });

  it.each(["EACCES", "EIO"])("is named when even root fails: %s", (code) => {
    vi.spyOn(process, "geteuid").mockReturnValue(0);
    expect(() => readFailed("f", failure(code))).toThrowError(
      expect.objectContaining({ code: "CONFIG_UNREADABLE", message: "f cannot be read" }),
    );
  });
});
