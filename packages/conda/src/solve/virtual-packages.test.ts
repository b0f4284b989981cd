import { describe, expect, it } from "vitest";
import { detectVirtualPackages, type MachineFacts, virtualPackages } from "./virtual-packages.ts";

const V3 = "cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3 avx avx2 bmi1 bmi2 f16c fma abm movbe";

function found(facts: Partial<MachineFacts>, environment: Record<string, string> = {}) {
  const machine = {
    kernel: "6.12.48+deb13-amd64",
    glibc: "2.41",
    architecture: "x64",
    cpuFlags: new Set(V3.split(" ")),
    cuda: undefined,
    ...facts,
  };
  const packages = virtualPackages(machine, environment);
  return Object.fromEntries(
    packages.map(({ name, version, build }) => [name, `${version} ${build}`]),
  );
}

describe("virtualPackages", () => {
  it("describes a machine as conda does", () => {
    expect(found({})).toEqual({
      __unix: "0 0",
      __linux: "6.12.48 0",
      __glibc: "2.41 0",
      __archspec: "1 x86_64_v3",
    });
  });

  it.each([
    ["x86_64", ""],
    ["x86_64_v2", "cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3 avx512f"],
    ["x86_64_v4", `${V3} avx512f avx512bw avx512cd avx512dq avx512vl`],
  ])("calls a processor %s by what it can", (level, flags) => {
    expect(found({ cpuFlags: new Set(flags.split(" ")) }).__archspec).toBe(`1 ${level}`);
  });

  it("knows 64-bit ARM, and has no glibc where there is none", () => {
    const packages = found({ architecture: "arm64", glibc: undefined });
    expect(packages.__archspec).toBe("1 aarch64");
    expect(packages).not.toHaveProperty("__glibc");
  });

  it("lets CONDA_OVERRIDE_… replace, add and hide packages", () => {
    const environment = {
      CONDA_OVERRIDE_GLIBC: "2.17",
      CONDA_OVERRIDE_CUDA: "12.4",
      CONDA_OVERRIDE_ARCHSPEC: "",
    };
    expect(found({}, environment)).toMatchObject({ __glibc: "2.17 0", __cuda: "12.4 0" });
    expect(found({}, environment)).not.toHaveProperty("__archspec");
  });

  it("finds the kernel and the C library of this machine", async () => {
    const names = (await detectVirtualPackages({})).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["__unix", "__linux", "__glibc", "__archspec"]));
  });
});
