import { describe, expect, it } from "vitest";
import { TransientError, withRetries } from "./retry.ts";

function failing(times: number, error: Error) {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls <= times) throw error;
    return calls;
  };
}

function recordedWaits() {
  const waits: number[] = [];
  return { waits, wait: async (milliseconds: number) => void waits.push(milliseconds) };
}

describe("withRetries", () => {
  it("tries again what may pass, waiting longer each time", async () => {
    const { waits, wait } = recordedWaits();
    await expect(withRetries(failing(3, new TransientError("x")), { wait })).resolves.toBe(4);
    const steps = waits.map((one) => one / 500);
    for (const [index, longest] of [1, 2, 4].entries()) {
      expect(steps[index]).toBeGreaterThanOrEqual(longest / 2);
      expect(steps[index]).toBeLessThanOrEqual(longest);
    }
  });

  it("throws the last failure when the attempts are used up", async () => {
    const task = failing(9, new TransientError("x"));
    await expect(withRetries(task, { attempts: 2, wait: async () => {} })).rejects.toThrow("x");
  });

  it("does not try again what cannot pass", async () => {
    const { waits, wait } = recordedWaits();
    await expect(withRetries(failing(1, new Error("x")), { wait })).rejects.toThrow("x");
    expect(waits).toEqual([]);
  });

  it("waits as long as the server asks for, up to half a minute", async () => {
    const { waits, wait } = recordedWaits();
    await withRetries(failing(1, new TransientError("x", { retryAfter: 7000 })), { wait });
    await withRetries(failing(1, new TransientError("x", { retryAfter: 9e9 })), { wait });
    expect(waits).toEqual([7000, 30_000]);
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    stop.abort(new Error("stopped"));
    const task = withRetries(failing(1, new TransientError("x")), { signal: stop.signal });
    await expect(task).rejects.toThrow("stopped");
  });
});
