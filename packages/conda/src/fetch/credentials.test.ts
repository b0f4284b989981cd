import { describe, expect, it } from "vitest";
import { keepCredentials, redactUrl, withCredentials } from "./credentials.ts";

describe("credentials", () => {
  it.each([
    ["https://ann:secret@conda.example/lab", "https://conda.example/lab"],
    ["https://conda.example/t/tk-123/lab", "https://conda.example/lab"],
    ["https://conda.example/lab", "https://conda.example/lab"],
    ["file:///srv/a@b/channel", "file:///srv/a@b/channel"],
  ])("shows %s as %s", (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });

  it("gives them back to requests below the channel only", () => {
    const channel = keepCredentials("https://conda.example/t/tk-9/private");
    expect(withCredentials(`${channel}/noarch/x.conda`)).toBe(
      "https://conda.example/t/tk-9/private/noarch/x.conda",
    );
    expect(withCredentials("https://conda.example/private2/x")).toBe(
      "https://conda.example/private2/x",
    );
  });
});
