import { describe, expect, it } from "vitest";
import { keepCredentials, redactText, redactUrl, withCredentials } from "./credentials.ts";

describe("credentials", () => {
  it.each([
    ["https://ann:secret@conda.example/lab", "https://conda.example/lab"],
    ["https://conda.example/t/tk-123/lab", "https://conda.example/lab"],
    ["https://conda.example/api/t/tk-1/lab", "https://conda.example/api/lab"],
    ["https://conda.example/t/tk-1", "https://conda.example"],
    ["https://ann:se@cr@et@conda.example/lab", "https://conda.example/lab"],
    ["https://conda.example/lab", "https://conda.example/lab"],
    ["file:///srv/a@b/channel", "file:///srv/a@b/channel"],
    ["file:///srv/t/tk-1/channel", "file:///srv/t/tk-1/channel"],
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

  it("are taken out of every URL in a text", () => {
    const text = 'cannot read "https://ann:secret@a.example/x" (http://b.example/t/tk-1/y): no';
    expect(redactText(text)).toBe('cannot read "https://a.example/x" (http://b.example/y): no');
  });

  it("of a channel inside another are its own", () => {
    keepCredentials("https://all@deep.example/a");
    const inner = keepCredentials("https://one@deep.example/a/b");
    expect(withCredentials(`${inner}/x`)).toBe("https://one@deep.example/a/b/x");
  });
});
