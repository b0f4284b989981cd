import fc from "fast-check";
import { expect, test } from "vitest";
import { RecordScanner } from "./record-scanner.ts";

/** What is found in a text that comes in pieces of this size. */
function scanned(text: string, size = text.length) {
  const bytes = Buffer.from(text);
  const found: [string, string, unknown][] = [];
  let info = "";
  const scanner = new RecordScanner({
    info: (value) => {
      info = value.toString();
    },
    record(section, key, record, start, end) {
      const whole = bytes.toString("utf8", start, end);
      expect(JSON.parse(`{${whole}}`)).toEqual({
        [JSON.parse(`"${key}"`)]: JSON.parse(`${record}`),
      });
      found.push([section, JSON.parse(`"${key}"`) as string, JSON.parse(`${record}`)]);
    },
  });
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
  scanner.end();
  return { found, info };
}

const records = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5, noNullPrototype: true });

test("records are found in a text that comes in pieces of any size, whatever is in them", () => {
  const repodata = fc.record({
    info: fc.jsonValue(),
    removed: fc.array(fc.string()),
    packages: records,
    "packages.conda": records,
  });
  const spaces = fc.constantFrom(undefined, 1, "\t");
  fc.assert(
    fc.property(repodata, spaces, fc.integer({ min: 1, max: 40 }), (value, space, size) => {
      const { found, info } = scanned(JSON.stringify(value, null, space), size);
      const sections = ["packages", "packages.conda"] as const;
      const all = sections.flatMap((section) =>
        Object.entries(value[section]).map(([key, record]) => [section, key, record]),
      );
      expect(found).toEqual(JSON.parse(JSON.stringify(all)));
      expect(JSON.parse(info)).toEqual(JSON.parse(JSON.stringify(value.info)));
    }),
  );
});

test.each([
  ["nothing", ""],
  ["a page of HTML", "<html>"],
  ["a list", "[]"],
  ["a text cut short", '{"packages":{"a.conda":{"name":"a"}'],
  ["no comma and no brace", '{"packages":{x'],
])("%s is no repodata", (_, text) => {
  expect(() => scanned(text, 3)).toThrow(/it is no/);
});
