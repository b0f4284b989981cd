export type CondaPhase =
  | "repodata"
  | "solve"
  | "download"
  | "unpack"
  | "stage"
  | "link"
  | "compile"
  | "check"
  | "verify"
  | "exchange";

/** What the engine reports while it works. It prints nothing. */
export type CondaEvent =
  | { readonly type: "phase.start"; readonly phase: CondaPhase }
  | {
      readonly type: "phase.progress";
      readonly phase: CondaPhase;
      /** Items done and in all: packages, or files while linking. */
      readonly done: number;
      readonly total: number;
      /** Bytes done and in all, where bytes are what takes the time. */
      readonly bytes?: number;
      readonly totalBytes?: number;
      readonly item?: string;
    }
  | {
      readonly type: "phase.done";
      readonly phase: CondaPhase;
      readonly milliseconds: number;
      readonly count?: number;
    }
  | {
      readonly type: "retry";
      readonly url: string;
      readonly attempt: number;
      readonly reason: string;
    }
  | { readonly type: "clobber"; readonly path: string; readonly packages: readonly string[] }
  | { readonly type: "warning"; readonly code: string; readonly message: string };

export type CondaEventSink = (event: CondaEvent) => void;
