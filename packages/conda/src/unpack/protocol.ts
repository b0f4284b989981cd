import type { Extracted, UnpackLimits } from "./extractor.ts";
import type { ArchiveFaultKind } from "./fault.ts";

/** What the pool asks of a worker: one archive at a time. */
export interface UnpackRequest {
  readonly file: string;
  readonly directory: string;
  readonly limits: UnpackLimits | undefined;
}

export type UnpackReply =
  | { readonly type: "done"; readonly extracted: Extracted }
  | { readonly type: "fault"; readonly kind: ArchiveFaultKind; readonly detail: string }
  | { readonly type: "missing-bzip2" }
  | { readonly type: "failed"; readonly code: string | undefined; readonly message: string };
