import type { Problem } from "../config/problem.ts";
import { findGaps } from "../config/rules.ts";
import type { Check, Finding } from "./check.ts";
import { ok } from "./check.ts";

/** `config.yaml` is valid, whole and without slips. */
export const configuration: Check = {
  id: "configuration",
  title: "Configuration",
  async look({ paths, config }) {
    const { effective, warnings, document } = await config();
    const problems = [...warnings, ...findGaps(effective)];
    if (problems.length === 0) return [ok(`${paths.configFile} is valid`)];
    return problems.map((problem) => found(problem, document.lineOf(problem.path)));
  },
};

function found({ code, message, remedy, severity }: Problem, line: number | undefined): Finding {
  const isSetting = severity === "tolerated" && code !== "CONFIG_KEY_DOUBTFUL";
  const where = line === undefined ? "" : ` (line ${line})`;
  return {
    status: severity === "error" ? "error" : "warning",
    code,
    message: `${message}${where}${isSetting ? "; until then the plugin works with its default" : ""}`,
    remedy,
  };
}
