import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type TarMember, writeTar } from "../../test/support/tar.ts";
import { TarReader } from "./tar-reader.ts";

interface Read {
  path: string;
  type: string;
  linkname: string;
  content: string;
}

function readTar(tar: Buffer, pieces: readonly number[] = [tar.length]): Read[] {
  const members: Read[] = [];
  let content: Buffer[] = [];
  const reader = new TarReader({
    open({ path, type, linkname }) {
      content = [];
      members.push({ path, type, linkname, content: "" });
    },
    data: (chunk) => content.push(Buffer.from(chunk)),
    close() {
      const last = members.at(-1);
      if (last !== undefined) last.content = Buffer.concat(content).toString();
    },
  });
  for (let at = 0, piece = 0; at < tar.length; piece += 1) {
    const length = pieces[piece % pieces.length] ?? tar.length;
    reader.push(tar.subarray(at, at + length));
    at += length;
  }
  reader.end();
  return members;
}

function pax(records: Record<string, string>): string {
  return Object.entries(records)
    .map(([key, value]) => {
      const rest = ` ${key}=${value}\n`;
      const digits = String(rest.length).length;
      const length = rest.length + String(rest.length + digits).length;
      return `${length}${rest}`;
    })
    .join("");
}

describe("TarReader", () => {
  it("reads the same members in whatever pieces they come", () => {
    const member = fc.record({
      path: fc.stringMatching(/^[a-z]{1,150}$/),
      content: fc.string({ maxLength: 3000 }),
    });
    const pieces = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(member, { maxLength: 5 }), pieces, (members, sizes) => {
        const read = readTar(writeTar(members), sizes);
        expect(read.map(({ path, content }) => ({ path, content }))).toEqual(members);
      }),
      { numRuns: 50 },
    );
  });

  it("takes names and sizes from a pax header, for the next member only", () => {
    const members: TarMember[] = [
      { path: "PaxHeaders/x", type: "x", content: pax({ path: "lib/real", mtime: "1.5" }) },
      { path: "short", content: "1" },
      { path: "next", content: "2" },
    ];
    expect(readTar(writeTar(members)).map(({ path }) => path)).toEqual(["lib/real", "next"]);
  });

  it("takes no names from a global pax header", () => {
    const members: TarMember[] = [
      { path: "pax_global_header", type: "g", content: pax({ path: "/etc/passwd" }) },
      { path: "mine", content: "1" },
    ];
    expect(readTar(writeTar(members)).map(({ path }) => path)).toEqual(["mine"]);
  });

  it("reads link targets longer than 100 bytes", () => {
    const linkname = `${"long/".repeat(30)}target`;
    expect(readTar(writeTar([{ path: "a", type: "2", linkname }]))[0]?.linkname).toBe(linkname);
  });

  it.each([
    ["has no end mark", writeTar([{ path: "a", content: "1" }], { end: false })],
    ["stops within a file", writeTar([{ path: "a", content: "1".repeat(2000) }]).subarray(0, 1024)],
    ["is no tar", Buffer.alloc(1024, 1)],
    ["has a broken pax header", writeTar([{ path: "x", type: "x", content: "99 path=a\n" }])],
  ])("says that an archive is damaged that %s", (_, tar) => {
    expect(() => readTar(tar)).toThrow(expect.objectContaining({ kind: "damaged" }));
  });

  it.each([
    ["states a huge header", writeTar([{ path: "x", type: "L", size: 2 ** 30 }])],
    [
      "has a file with holes",
      writeTar([{ path: "x", type: "x", content: pax({ "GNU.sparse.major": "1" }) }]),
    ],
    [
      "states an impossible size",
      writeTar([{ path: "x", type: "x", content: pax({ size: "-5" }) }]),
    ],
  ])("refuses an archive that %s", (_, tar) => {
    expect(() => readTar(tar)).toThrow(expect.objectContaining({ kind: "unsafe" }));
  });
});
