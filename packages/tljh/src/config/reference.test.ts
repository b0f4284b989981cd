import { describe, expect, it } from "vitest";
import * as z from "zod";
import { configReference, jsonSchema } from "./reference.ts";

describe("the JSON Schema of config.yaml", () => {
  // Read back into a schema, it can be asked.
  const read = z.fromJSONSchema(jsonSchema() as never);
  const accepts = (value: unknown) => read.safeParse(value).success;

  it.each([
    [{}],
    [{ limits: { memory: 1024, cpu: null } }],
    [{ limits: { memory: "4G" } }],
    [{ users: null, quota: { size: "1G" } }],
    [{ users: { admin: ["a", 12] } }],
    [{ auth: { type: "dummy", DummyAuthenticator: { password: "x" } } }],
  ])("accepts %j", (value) => expect(accepts(value)).toBe(true));

  it.each([
    [{ limits: { memory: "banana" } }],
    [{ limits: { mem: 1 } }],
    [{ users: { admin: "alice" } }],
    [{ http: { port: 0 } }],
    [{ auth: { tpye: {} } }],
  ])("refuses %j", (value) => expect(accepts(value)).toBe(false));

  it("holds descriptions and defaults", () => {
    expect(JSON.stringify(jsonSchema())).toContain('"default":600');
    expect(JSON.stringify(jsonSchema())).toContain("Stop idle servers.");
  });
});

describe("the reference page", () => {
  it("tells every key with its value, default and an example", () => {
    expect(configReference()).toContain(
      [
        "### `limits.memory`",
        "",
        "Memory of one user's server. Without a value there is no limit.",
        "",
        "- Value: a number of bytes, or a number with K, M, G or T such as 4G, or none for no limit",
        "- Default: none",
        "- Example: `sudo tljh-config set limits.memory 4G`",
      ].join("\n"),
    );
    expect(configReference()).toContain("sudo tljh-config add-item users.admin alice");
    expect(configReference().match(/^### /gm)).toHaveLength(45);
  });
});
