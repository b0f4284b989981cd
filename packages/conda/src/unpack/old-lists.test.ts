import { describe, expect, it } from "vitest";
import { pathsFromOldLists } from "./old-lists.ts";

describe("pathsFromOldLists", () => {
  it("describes the files of a package that is older than paths.json", () => {
    const { paths } = pathsFromOldLists({
      files: "bin/x\nlib/l.so\nlib/my file\netc/old\n",
      hasPrefix: '/opt/build text bin/x\n"/opt/my build" binary "lib/my file"\netc/old\n',
      noLink: "bin/x\n",
      isLink: (path) => path === "lib/l.so",
    });
    expect(paths).toEqual([
      {
        _path: "bin/x",
        path_type: "hardlink",
        no_link: true,
        prefix_placeholder: "/opt/build",
        file_mode: "text",
      },
      { _path: "lib/l.so", path_type: "softlink" },
      {
        _path: "lib/my file",
        path_type: "hardlink",
        prefix_placeholder: "/opt/my build",
        file_mode: "binary",
      },
      {
        _path: "etc/old",
        path_type: "hardlink",
        prefix_placeholder: "/opt/anaconda1anaconda2anaconda3",
        file_mode: "text",
      },
    ]);
  });
});
