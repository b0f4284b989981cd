import { describe, expect, it } from "vitest";
import { channelUrl, currentPlatform } from "./channel.ts";

describe("channelUrl", () => {
  it.each([
    ["conda-forge", "https://conda.anaconda.org/conda-forge"],
    ["bioconda/label/dev", "https://conda.anaconda.org/bioconda/label/dev"],
    ["https://conda.example/lab/", "https://conda.example/lab"],
    ["https://ann:secret@conda.example/lab", "https://conda.example/lab"],
    ["file:///srv/channel", "file:///srv/channel"],
  ])("finds %s at %s", (channel, url) => {
    expect(channelUrl(channel)).toBe(url);
  });

  it.each(["", "ftp://x/y", "../x", "a b", "http://[x"])("refuses %j", (channel) => {
    expect(() => channelUrl(channel)).toThrow(
      expect.objectContaining({ code: "CONDA_CHANNEL_INVALID" }),
    );
  });
});

describe("currentPlatform", () => {
  it("knows Linux on two kinds of processors", () => {
    expect(currentPlatform("linux", "x64")).toBe("linux-64");
    expect(currentPlatform("linux", "arm64")).toBe("linux-aarch64");
  });

  it("says that others are not supported", () => {
    expect(() => currentPlatform("darwin", "arm64")).toThrow(
      expect.objectContaining({ code: "CONDA_PLATFORM_UNSUPPORTED" }),
    );
  });
});
