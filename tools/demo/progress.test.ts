import { describe, expect, test } from "vitest";
import { Progress } from "./progress.ts";

function screen(isTTY: boolean): { isTTY: boolean; text: string; write(text: string): void } {
  return {
    isTTY,
    text: "",
    write(text) {
      this.text += text;
    },
  };
}

describe("progress", () => {
  test("is plain lines where there is no terminal", async () => {
    const plain = screen(false);
    let time = 0;
    const progress = new Progress(plain, () => time);
    await progress.step("build", async () => {
      progress.line("something");
      time = 1500;
    });
    expect(plain.text).toBe("… build\nsomething\n✓ build (1.5 s)\n");
  });

  test("marks a step that failed, and passes its error on", async () => {
    const plain = screen(false);
    const progress = new Progress(plain, () => 0);
    const failing = progress.step("boot", () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(plain.text).toContain("✗ boot");
  });

  test("on a terminal leaves just the steps that are done and the lines", async () => {
    const terminal = screen(true);
    const progress = new Progress(terminal, () => 0);
    await Promise.all([
      progress.step("a", async () => progress.line("said")),
      progress.step("b", async () => {}),
    ]);
    expect(rendered(terminal.text)).toEqual(["said", "✓ a (0.0 s)", "✓ b (0.0 s)", ""]);
  });
});

/** What is on the screen after "n lines up" and "erase below". */
function rendered(text: string): string[] {
  let lines = [""];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are a terminal's commands
  for (const part of text.split(/(\x1b\[\d+A\x1b\[J)/)) {
    const up = part.startsWith("\x1b[") ? Number.parseInt(part.slice(2), 10) : null;
    if (up !== null) lines = [...lines.slice(0, lines.length - 1 - up), ""];
    else
      for (const [index, piece] of part.split("\n").entries()) {
        if (index > 0) lines.push("");
        lines[lines.length - 1] += piece;
      }
  }
  return lines;
}
