import * as z from "zod";

/** What the program knows of a key besides its type: for messages, the reference page and `tljh-config`. */
export interface KeyInfo {
  readonly description: string;
  /** Completes "must be …". */
  readonly expects: string;
  /** A value as one types it after `tljh-config set`. */
  readonly example?: string;
  readonly default?: unknown;
  /** `text` stays text whatever it looks like: the password 007, the user 12345. */
  readonly kind: "value" | "text" | "texts" | "section" | "map of texts";
  /** In a map of texts: what one name stands for, what is below it, and what an item of that is. */
  readonly each?: { readonly name: string; readonly list: string; readonly item: string };
  /** Keys of a section. */
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  /** Where a section takes keys beyond its own, what these are. */
  readonly others?: "classes" | "anything";
}

const infos = new WeakMap<z.core.$ZodType, KeyInfo>();

/** Attaches what is known of a key to its schema. */
export function describe(schema: z.core.$ZodType, info: KeyInfo): void {
  infos.set(schema, info);
}

export function infoOf(schema: z.core.$ZodType): KeyInfo | undefined {
  return infos.get(schema);
}

type Text = Pick<KeyInfo, "description" | "expects" | "example" | "each">;

/** A key with a default. Written without a value (`memory:`), it counts as not written. */
export function key<S extends z.ZodType, D extends z.output<S>>(
  schema: S,
  fallback: D,
  text: Text,
  kind: KeyInfo["kind"] = "value",
) {
  const written = schema
    .nullish()
    .meta({ description: text.description, default: fallback as never });
  const filled = written.transform((value): z.output<S> | D => value ?? structuredClone(fallback));
  describe(filled, { ...text, kind, default: fallback });
  return filled;
}

/** Text that may have been written as a number or a truth value. */
export const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** A key that holds text; `refine` says which texts are good. */
export function textKey(fallback: string, info: Text, refine?: (value: string) => boolean) {
  return key(refine ? text.refine(refine) : text, fallback, info, "text");
}

/** A list of names. A single name is refused, because its letters would count as names. */
export function textsKey(info: Text, refine: (value: string) => boolean) {
  return key(z.array(text.refine(refine)), [] as string[], info, "texts");
}

/** A map from any name to a list of names. */
export function textMapKey(
  info: Text & Required<Pick<KeyInfo, "each">>,
  refine: (value: string) => boolean,
) {
  const list = z
    .array(text.refine(refine))
    .nullish()
    .transform((value) => value ?? []);
  return key(z.record(z.string(), list), {}, info, "map of texts");
}

/** A map of keys that are all known. Written empty (`users:`), it counts as not written. */
export function section<S extends z.ZodRawShape>(description: string, shape: S) {
  const object = z.strictObject(shape);
  const written = object.nullish().meta({ description });
  const filled = written.transform((value) => value ?? object.parse({}));
  describe(filled, { description, ...sectionInfo(shape), kind: "section" });
  return filled;
}

/** What a section of these keys is called in messages, and its keys. */
export function sectionInfo(shape: z.ZodRawShape): Pick<KeyInfo, "expects" | "shape"> {
  return { expects: `a section with the keys ${Object.keys(shape).join(", ")}`, shape };
}
