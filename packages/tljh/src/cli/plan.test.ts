import { expect, it } from "vitest";
import type { PlannedStep } from "../resources/plan.ts";
import { planText } from "./plan.ts";

const step: PlannedStep = { id: "x", title: "Groups", differences: [], unknown: null };

it("a plan shows what is due, and who asked for it", () => {
  const steps: readonly PlannedStep[] = [
    { ...step, title: "Folders" },
    {
      ...step,
      title: "User environment",
      differences: [
        { action: "add", what: "xarray 2025.1", because: "simple" },
        { action: "change", what: "numpy 1.26 → 2.1" },
        { action: "remove", what: "six 1.16" },
        { action: "remove", what: "iris 3.4", formerly: "old" },
        { action: "change", what: "quota: 1 → 2", because: "new", formerly: "old" },
      ],
    },
    { ...step, title: "Configuration", unknown: "after Hub environment" },
  ];
  expect(planText(steps)).toBe(
    [
      "User environment",
      "  + xarray 2025.1  (wanted by simple)",
      "  ~ numpy 1.26 → 2.1",
      "  - six 1.16",
      "  - iris 3.4  (was wanted by old)",
      "  ~ quota: 1 → 2  (wanted by new, was wanted by old)",
      "Configuration",
      "  ? after Hub environment",
      "",
    ].join("\n"),
  );
});

it("a plan of a server that is as wanted says so", () => {
  expect(planText([step])).toBe("Nothing to do: the server is as wanted.\n");
});
