import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareVersions, condaConstraint, condaVersion, satisfies } from "./version.ts";

describe("the order of Debian versions", () => {
  test.each([
    ["1.0~rc1", "1.0"],
    ["1.0", "1.0+dfsg"],
    ["1.9", "1.10"],
    ["2.0-1", "2.0-1+b1"],
    ["9.9", "1:0.1"],
    ["1.0~~", "1.0~"],
    ["1.0a", "1.0+"],
  ])("puts %s before %s", (lower, higher) => {
    expect(compareVersions(lower, higher)).toBe(-1);
    expect(compareVersions(higher, lower)).toBe(1);
  });

  test("is antisymmetric for any text of legal signs", () => {
    const version = fc.stringMatching(/^[0-9][0-9a-z.+~]{0,8}(-[0-9a-z.+~]{1,4})?$/);
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(compareVersions(a, b) + compareVersions(b, a)).toBe(0);
      }),
    );
  });

  test("treats a bound with a tilde as one that pre-releases meet", () => {
    expect(satisfies("3.13.5-1", ">=", "3.13~")).toBe(true);
    expect(satisfies("3.14~a1-1", "<<", "3.14")).toBe(true);
  });
});

describe("a Debian version as one of conda's", () => {
  test.each([
    ["5.2.1+ds1-4", "5.2.1"],
    ["4.0.11+ds1+~cs11.25.27-7", "4.0.11"],
    ["1:2.2.4+ds-1", "2.2.4"],
    ["5.65.0+~cs5.83.9-3", "5.65.0"],
    ["5.14.3+really5.14.3-1", "5.14.3"],
    ["8.2.0+0.really.8.1.8-1", "8.1.8"],
    ["1:1.3.dfsg+really1.3.1-1+deb13u1", "1.3.1"],
    ["0~20190702+dfsg-4+b2", "20190702"],
    ["1.009~3.4.1+dfsg-6", "1.009"],
    ["2.0~rc1-1", "2.0rc1"],
    ["2025.03.1-8", "2025.03.1"],
  ])("turns %s into %s", (debian, conda) => {
    expect(condaVersion(debian)).toBe(conda);
  });

  test("makes a strict bound on a revision one that includes the version", () => {
    expect(condaConstraint("<<", "1.2-3")).toBe("<=1.2");
    expect(condaConstraint(">>", "1.2-3")).toBe(">=1.2");
    expect(condaConstraint("<<", "3.14")).toBe("<3.14");
    expect(condaConstraint("=", "2.15.0-1")).toBe("==2.15.0");
    expect(condaConstraint(">=", "1:1.23.2~")).toBe(">=1.23.2");
  });
});
