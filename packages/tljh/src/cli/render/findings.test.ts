import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { findingText, summaryText, wrap } from "./findings.ts";

const terminal = { width: 64, color: false };
const pipe = { width: null, color: false };
const proxy = {
  status: "error",
  message: "The proxy is not running: tljh-proxy.service is inactive",
  cause: "port 80 is taken\nby nginx",
  remedy:
    "Start it: sudo systemctl restart tljh-proxy.service. See sudo journalctl -u tljh-proxy.service",
} as const;

it("lays findings out in columns on a terminal, broken at blanks outside of commands", () => {
  const column = " ".repeat(21);
  expect(findingText("Services", proxy, terminal)).toBe(
    [
      "✗ Services           The proxy is not running:",
      `${column}tljh-proxy.service is inactive`,
      `${column}cause: port 80 is taken`,
      `${column}  by nginx`,
      `${column}what to do: Start it:`,
      `${column}sudo systemctl restart tljh-proxy.service.`,
      `${column}See sudo journalctl -u tljh-proxy.service`,
      "",
    ].join("\n"),
  );
});

it("repeats no title, and has no column where there are none", () => {
  const fine = { status: "ok", message: "yes" } as const;
  expect(findingText("", fine, terminal)).toBe(`✓ ${" ".repeat(19)}yes\n`);
  expect(findingText(null, fine, terminal)).toBe("✓ yes\n");
});

it("writes a line for each finding into a pipe, which begins with its status", () => {
  expect(findingText("Services", proxy, pipe)).toBe(
    `error   Services: ${proxy.message}
        cause: port 80 is taken
          by nginx
        what to do: ${proxy.remedy}
`,
  );
  expect(findingText(null, { status: "ok", message: "yes" }, pipe)).toBe("ok      yes\n");
});

it("colours on a terminal that has colours, and only there", () => {
  const coloured = findingText("Services", proxy, { width: 64, color: true });
  expect(coloured).toContain("\u001b[31m✗\u001b[39m");
  expect(stripVTControlCharacters(coloured)).toBe(findingText("Services", proxy, terminal));
});

it("has room for a title that is longer than the column", () => {
  const fine = { status: "ok", message: "yes" } as const;
  expect(findingText("x".repeat(30), fine, terminal)).toBe(`✓ ${"x".repeat(30)} yes\n`);
});

it("keeps the lines of a text, and words that are too long", () => {
  expect(wrap(`a b\n${"x".repeat(40)} c`, 20, 0)).toEqual(["a b", "x".repeat(40), "c"]);
});

it("counts what was found", () => {
  const warning = { status: "warning", message: "x" } as const;
  expect(summaryText([])).toBe("All is well.");
  expect(summaryText([proxy, proxy, warning])).toBe("2 errors and 1 warning.");
});
