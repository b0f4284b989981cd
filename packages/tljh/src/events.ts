import type { CondaEvent, Generation } from "@tljh/conda";

/** What the core reports while it works. Terminal, log and page render these; the core never prints. */
export type TljhEvent =
  | {
      readonly type: "step.start";
      readonly step: string;
      readonly title: string;
      readonly index: number;
      readonly count: number;
    }
  | { readonly type: "step.progress"; readonly step: string; readonly message: string }
  | {
      readonly type: "step.done";
      readonly step: string;
      readonly title: string;
      readonly changed: boolean;
      readonly milliseconds: number;
      readonly summary: string;
    }
  | { readonly type: "step.failed"; readonly step: string; readonly error: unknown }
  | { readonly type: "conda"; readonly environment: string; readonly event: CondaEvent }
  /** Another generation of an environment is in use. */
  | {
      readonly type: "environment.changed";
      readonly environment: string;
      readonly generation: Pick<Generation, "number" | "changes">;
    }
  | { readonly type: "output"; readonly command: string; readonly line: string }
  | { readonly type: "warning"; readonly code: string; readonly message: string };

export type EventSink = (event: TljhEvent) => void;
