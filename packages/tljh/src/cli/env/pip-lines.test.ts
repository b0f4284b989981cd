import { expect, it } from "vitest";
import { pipArgument } from "./pip-lines.ts";

it.each([
  ["pluggy==1.5 ; python_version > '3'", "pluggy==1.5 ; python_version > '3'"],
  ["git+https://git.example/x.git", "git+https://git.example/x.git"],
  [".", "/f"],
  ["./mine", "/f/mine"],
  ["../mine", "/mine"],
  ["/srv/mine", "/srv/mine"],
  ["-e ./mine", "--editable=/f/mine"],
  ["-r more.txt", "--requirement=/f/more.txt"],
  ["--requirement=more.txt", "--requirement=/f/more.txt"],
  ["--no-deps", "--no-deps"],
  ["-i https://index.example/simple", "--index-url=https://index.example/simple"],
  ["-f wheels", "--find-links=/f/wheels"],
])("pip is given the line %j as %j", (line, argument) => {
  expect(pipArgument(line, "/f")).toBe(argument);
});
