import { expect, test } from "vitest";
import { type Packable, packMessage } from "./msgpack.ts";

test.each<[string, Packable, string]>([
  ["an empty map", {}, "80"],
  ["a map", { a: 1 }, "81a16101"],
  ["a list", [null, true, false], "93c0c3c2"],
  ["a large number", 1_760_000_000_000, "cf00000199c82cc000"],
  ["a fraction", 0.5, "cb3fe0000000000000"],
  ["bytes", Buffer.from([1, 2]), "c4020102"],
  ["a text of 40 bytes", "x".repeat(40), `d928${"78".repeat(40)}`],
  ["a list of 20", new Array(20).fill(0), `dc0014${"00".repeat(20)}`],
])("%s is packed as the specification says", (_, value, bytes) => {
  expect(packMessage(value).toString("hex")).toBe(bytes);
});
