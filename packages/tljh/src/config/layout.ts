import { isMap, isScalar, isSeq, visit, type YAMLMap } from "yaml";
import type { ConfigDocument } from "./document.ts";
import type { Layout } from "./render.ts";
import { columnOf, isBlock } from "./splice.ts";

/** How the file is laid out, by its first nested map and its first list; else as the original wrote it. */
export function detectLayout({ text, yaml }: ConfigDocument): Layout {
  let step: number | undefined;
  let dash: number | undefined;
  visit(yaml, {
    Map(_, map) {
      for (const [key, child] of blockChildren(map)) {
        const inner = columnOf(text, child) - columnOf(text, key.offset);
        if (key.list) dash ??= inner;
        else step ??= inner;
      }
      return step !== undefined && dash !== undefined ? visit.BREAK : undefined;
    },
  });
  const newline = /\r\n|\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n";
  return { newline, step: Math.max(1, step ?? 2), dash: Math.max(0, dash ?? 0) };
}

/** Keys whose value is a block list or map, with the offset where that begins. */
function blockChildren(map: YAMLMap): [{ offset: number; list: boolean }, number][] {
  if (map.flow) return [];
  return map.items.flatMap(({ key, value }): [{ offset: number; list: boolean }, number][] => {
    if (!isScalar(key) || !key.range || !isBlock(value) || !value.range) return [];
    if (!isMap(value) && !isSeq(value)) return [];
    return [[{ offset: key.range[0], list: isSeq(value) }, value.range[0]]];
  });
}
