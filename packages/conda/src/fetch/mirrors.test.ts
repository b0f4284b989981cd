import { describe, expect, it } from "vitest";
import { CondaError } from "../errors.ts";
import type { CondaEvent } from "../events.ts";
import { Mirrors } from "./mirrors.ts";
import { TransientError } from "./retry.ts";

const CHANNEL = "https://conda.example/forge";

function testMirrors() {
  const events: CondaEvent[] = [];
  const table = new Map([
    [CHANNEL, ["https://a.example/forge", "https://b.example"]],
    [`${CHANNEL}/label/dev`, ["https://dev.example"]],
  ]);
  const mirrors = new Mirrors(table, (event) => events.push(event));
  const hosts = (url = `${CHANNEL}/x`) =>
    mirrors.addresses(url).map((address) => new URL(address).host);
  return { events, mirrors, hosts };
}

const refused = new CondaError("CONDA_TEST", { message: "403", remedy: "" });

describe("Mirrors", () => {
  it("come in their order, before the channel itself", () => {
    expect(testMirrors().mirrors.addresses(`${CHANNEL}/noarch/x`)).toEqual([
      "https://a.example/forge/noarch/x",
      "https://b.example/noarch/x",
      `${CHANNEL}/noarch/x`,
    ]);
  });

  it("are the channel's own, of a channel inside another too, and nobody else's", () => {
    const { hosts } = testMirrors();
    expect(hosts(`${CHANNEL}/label/dev/x`)).toEqual(["dev.example", "conda.example"]);
    expect(hosts("https://conda.example/forge2/x")).toEqual(["conda.example"]);
  });

  it("that do not answer come last from then on, and that is said once", async () => {
    const { mirrors, hosts, events } = testMirrors();
    const ask = (address: string) => {
      if (address.includes("a.example")) throw new TransientError("no answer");
      return Promise.resolve(address);
    };
    await expect(mirrors.first(`${CHANNEL}/x`, ask)).resolves.toBe("https://b.example/x");
    await mirrors.first(`${CHANNEL}/y`, ask);
    expect(hosts()).toEqual(["b.example", "conda.example", "a.example"]);
    expect(events).toEqual([
      {
        type: "warning",
        code: "CONDA_MIRROR_LEFT",
        message: "https://a.example/forge is left for the next address of its channel: no answer",
      },
    ]);
  });

  it("that lack a file or refuse it are asked for the next one", async () => {
    const { mirrors, hosts } = testMirrors();
    const ask = async (address: string) => {
      if (!address.startsWith(CHANNEL)) throw refused;
      return address;
    };
    await expect(mirrors.first(`${CHANNEL}/x`, ask)).resolves.toBe(`${CHANNEL}/x`);
    expect(hosts()[0]).toBe("a.example");
  });

  it("fail together with what may pass, if there is such", async () => {
    const { mirrors } = testMirrors();
    const ask = async (address: string) => {
      throw address.includes("b.example") ? new TransientError("b") : refused;
    };
    await expect(mirrors.first(`${CHANNEL}/x`, ask)).rejects.toThrow("b");
  });

  it("are no help against what is wrong here", async () => {
    const asked: string[] = [];
    const ask = async (address: string) => {
      asked.push(address);
      throw new Error("no space left");
    };
    await expect(testMirrors().mirrors.first(`${CHANNEL}/x`, ask)).rejects.toThrow("no space");
    expect(asked).toHaveLength(1);
  });
});
