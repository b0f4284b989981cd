/** What the forge reports while it works. It prints nothing. */
export type ForgeEvent =
  | {
      readonly type: "step";
      readonly step: string;
      readonly milliseconds: number;
      readonly detail: string;
    }
  | { readonly type: "warning"; readonly message: string };

export type ForgeEventSink = (event: ForgeEvent) => void;
