import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeMsgpack } from "../../test/support/msgpack.ts";
import { msgpackToJson, readMsgpack } from "./msgpack.ts";

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
    fc.string({ maxLength: 400 }),
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 20, noNullPrototype: true }),
  ),
})).value;

describe("readMsgpack", () => {
  it("reads every value that repodata can hold", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(msgpackToJson(readMsgpack(writeMsgpack(value)))).toEqual(value);
      }),
    );
  });

  it("gives hashes, which are bytes, as hexadecimal", () => {
    const data = writeMsgpack({ sha256: Buffer.from("00ff", "hex") });
    expect(msgpackToJson(readMsgpack(data))).toEqual({ sha256: "00ff" });
  });

  it("throws, and does not hang, on any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          readMsgpack(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });
});
