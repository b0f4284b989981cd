import { expect, it } from "vitest";
import { completeRecords } from "./complete.ts";

it("does not accept a solution with a package that no channel describes", async () => {
  const url = "https://x.org/noarch/ghost-1.0-0.conda";
  const ghost = { name: "ghost", fn: "ghost-1.0-0.conda", url, subdirUrl: "https://x.org/noarch" };
  await expect(completeRecords([ghost], [], [])).rejects.toMatchObject({
    code: "CONDA_SOLVE_FAILED",
    message: `The solver stopped: no channel describes ${url}`,
  });
});
