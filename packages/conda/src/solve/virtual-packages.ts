import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { release } from "node:os";
import { promisify } from "node:util";
import type { VirtualPackage } from "../types.ts";

/** What is read from the machine, so that what follows from it can be tested. */
export interface MachineFacts {
  /** `uname -r`. */
  readonly kernel: string;
  readonly glibc: string | undefined;
  /** Node's name for it: `x64`, `arm64`. */
  readonly architecture: string;
  /** The `flags` of `/proc/cpuinfo`. */
  readonly cpuFlags: ReadonlySet<string>;
  /** The newest CUDA that the graphics driver can run. */
  readonly cuda: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** This machine's virtual packages (CEP 30), with conda's CONDA_OVERRIDE_… in force. */
export async function detectVirtualPackages(
  environment: Environment = process.env,
): Promise<readonly VirtualPackage[]> {
  return virtualPackages(await readMachine(), environment);
}

/** An override with a value replaces what was found; an empty one hides the package. */
export function virtualPackages(
  facts: MachineFacts,
  environment: Environment,
): readonly VirtualPackage[] {
  const overridden = (name: string, found: string | undefined) => {
    const value = environment[`CONDA_OVERRIDE_${name}`];
    return (value === undefined ? found : value.trim()) || undefined;
  };
  const kernel = /^\d+(?:\.\d+)*/.exec(facts.kernel)?.[0];
  const archspec = overridden("ARCHSPEC", archspecName(facts));
  const versioned: readonly (readonly [string, string | undefined])[] = [
    ["__unix", "0"],
    ["__linux", overridden("LINUX", kernel)],
    ["__glibc", overridden("GLIBC", facts.glibc)],
    ["__cuda", overridden("CUDA", facts.cuda)],
  ];
  const packages = versioned.flatMap(([name, version]) =>
    version === undefined ? [] : [{ name, version, build: "0" }],
  );
  return archspec === undefined
    ? packages
    : [...packages, { name: "__archspec", version: "1", build: archspec }];
}

/** The x86-64 levels of the psABI, by what each adds, as /proc/cpuinfo spells it. */
const X86_LEVELS: readonly (readonly [string, readonly string[]])[] = [
  ["x86_64_v2", ["cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"]],
  ["x86_64_v3", ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"]],
  ["x86_64_v4", ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]],
];

/** The general name of the processor's level, which packages ask for, not its maker's name for it. */
function archspecName({ architecture, cpuFlags }: MachineFacts): string | undefined {
  if (architecture === "arm64") return "aarch64";
  if (architecture !== "x64") return undefined;
  const missing = X86_LEVELS.findIndex(([, flags]) => !flags.every((flag) => cpuFlags.has(flag)));
  const reached = missing === -1 ? X86_LEVELS.length : missing;
  return X86_LEVELS[reached - 1]?.[0] ?? "x86_64";
}

async function readMachine(): Promise<MachineFacts> {
  return {
    kernel: release(),
    glibc: glibcVersion(),
    architecture: process.arch,
    cpuFlags: await cpuFlags(),
    cuda: await cudaVersion(),
  };
}

function glibcVersion(): string | undefined {
  const reporter = process.report as NodeJS.ProcessReport & { excludeNetwork: boolean };
  const { excludeNetwork } = reporter;
  // Names of all open connections would be looked up otherwise.
  reporter.excludeNetwork = true;
  const report = reporter.getReport() as { header?: { glibcVersionRuntime?: string } };
  reporter.excludeNetwork = excludeNetwork;
  return report.header?.glibcVersionRuntime;
}

async function cpuFlags(): Promise<ReadonlySet<string>> {
  const text = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
  return new Set(/^flags\s*:(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/));
}

async function cudaVersion(): Promise<string | undefined> {
  const driver = await readFile("/proc/driver/nvidia/version", "utf8").catch(() => undefined);
  if (driver === undefined) return undefined;
  const shown = await promisify(execFile)("nvidia-smi", [], { timeout: 10_000 }).catch(
    () => undefined,
  );
  return /CUDA Version:\s*([\d.]+)/.exec(shown?.stdout ?? "")?.[1];
}
