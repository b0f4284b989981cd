import { expect, test } from "vitest";
import { type PackageFile, PLACEHOLDER } from "../channel/model.ts";
import { rewriteHardCoded } from "./hard-coded.ts";

const file = (path: string, text: string): PackageFile => ({
  path,
  mode: 0o644,
  data: Buffer.from(text),
});
const known = new Map([
  ["/usr/bin/python3", "bin/python3"],
  ["/usr/share/javascript/mathjax/MathJax.js", "share/javascript/mathjax/MathJax.js"],
]);
const rewrite = (path: string, text: string) =>
  rewriteHardCoded(file(path, text), (one) => known.get(one));

test("A path that the channel ships gets the placeholder, and the file says so", () => {
  const result = rewrite("share/jupyter/kernels/python3/kernel.json", '["/usr/bin/python3"]');
  expect(result.data.toString()).toBe(`["${PLACEHOLDER}/bin/python3"]`);
  expect(result.placeholder).toBe("text");
});

test("A path that it does not ship stays", () => {
  const result = rewrite("bin/tool", "#!/usr/bin/perl\n");
  expect(result.data.toString()).toBe("#!/usr/bin/perl\n");
  expect(result.placeholder).toBeUndefined();
});

test("What follows a path is kept, also a query or a full stop", () => {
  const text = "file:///usr/share/javascript/mathjax/MathJax.js?config=x. See /usr/bin/python3.";
  expect(rewrite("share/a.html", text).data.toString()).toBe(
    `file://${PLACEHOLDER}/share/javascript/mathjax/MathJax.js?config=x. See ${PLACEHOLDER}/bin/python3.`,
  );
});

test("A module keeps its first line, a program does not", () => {
  const text = "#!/usr/bin/python3\nprint()\n";
  expect(rewrite("lib/python3.13/pdb.py", text).data.toString()).toBe(text);
  expect(rewrite("bin/tool", text).data.toString()).toContain(PLACEHOLDER);
});

test("pip and jupyter_core name system folders on purpose", () => {
  const text = 'x = "/usr/bin/python3"\n';
  const path = "lib/python3.13/site-packages/jupyter_core/paths.py";
  expect(rewrite(path, text).placeholder).toBeUndefined();
});
