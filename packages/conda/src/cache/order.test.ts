import { expect, test } from "vitest";
import { inDownloadOrder } from "./order.ts";

const record = (name: string, size: number, depends: readonly string[] = []) => ({
  name,
  size,
  depends,
  ...{ version: "1.0", build: "0", build_number: 0, subdir: "linux-64" },
  ...{ fn: "", url: "", channel: "" },
});

test("Python and its libraries come first, then the largest", () => {
  const records = [
    record("small", 1, ["python"]),
    record("large", 9),
    record("python", 5, ["openssl >=3", "pip", "absent"]),
    record("openssl", 6),
    record("pip", 2, ["python"]),
  ];
  const names = inDownloadOrder(records).map(({ name }) => name);
  expect(names).toEqual(["openssl", "python", "large", "pip", "small"]);
});

test("without Python the largest come first", () => {
  const records = [record("small", 1), record("large", 9)];
  expect(inDownloadOrder(records).map(({ name }) => name)).toEqual(["large", "small"]);
});
