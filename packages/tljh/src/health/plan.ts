import type { Check } from "./check.ts";
import { ok } from "./check.ts";

const SHOWN = 5;

/** The server is as it was asked to be. */
export const plan: Check = {
  id: "plan",
  title: "Plan",
  async look(context) {
    const due = (await context.plan()).filter(
      ({ differences, unknown }) => differences.length > 0 || unknown !== null,
    );
    if (due.length === 0) return [ok("The server is as it was asked to be")];
    const what = due.flatMap(({ title, differences }) =>
      differences.map((difference) => `${title}: ${difference.what}`),
    );
    const more = what.length > SHOWN ? [`and ${what.length - SHOWN} more`] : [];
    return [
      {
        status: "warning",
        message: "The server is not as it was asked to be",
        cause: [...what.slice(0, SHOWN), ...more].join("\n"),
        remedy: "See it all with sudo tljh plan, and have it done: sudo tljh apply",
      },
    ];
  },
};
