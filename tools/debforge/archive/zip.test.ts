import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBuffer } from "yauzl";
import { writeZip } from "./zip.ts";

/** Reads an archive with an implementation that is not ours. */
function readZip(archive: Buffer): Promise<Map<string, { stored: boolean; data: Buffer }>> {
  const found = new Map<string, { stored: boolean; data: Buffer }>();
  return new Promise((resolve, reject) => {
    fromBuffer(archive, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on("error", reject);
      zip.on("end", () => resolve(found));
      zip.on("entry", (entry) => {
        zip.openReadStream(entry, async (problem, stream) => {
          if (problem) return reject(problem);
          const data = Buffer.concat(await stream.toArray());
          found.set(entry.fileName, { stored: entry.compressionMethod === 0, data });
          zip.readEntry();
        });
      });
      zip.readEntry();
    });
  });
}

test("Members come back as they were, stored and not compressed", async () => {
  const name = fc.stringMatching(/^[a-zé][a-z0-9._-]{0,20}$/);
  const members = fc.uniqueArray(fc.record({ name, data: fc.uint8Array({ maxLength: 300 }) }), {
    selector: (one) => one.name,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(members, async (given) => {
      const packed = given.map((one) => ({ name: one.name, data: Buffer.from(one.data) }));
      const found = await readZip(writeZip(packed));
      expect([...found.keys()]).toEqual(packed.map((one) => one.name));
      for (const { name: wanted, data } of packed)
        expect(found.get(wanted)).toEqual({ stored: true, data });
    }),
    { numRuns: 40 },
  );
});

test("The same members make the same bytes", () => {
  const members = [{ name: "metadata.json", data: Buffer.from("{}") }];
  expect(writeZip(members).equals(writeZip(members))).toBe(true);
});
