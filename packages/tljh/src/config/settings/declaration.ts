/** Text. `pattern` is a regular expression that is found somewhere in it: anchor it with `^` and `$`. */
interface TextType {
  readonly type: "string";
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

interface NumberType {
  readonly type: "integer" | "number";
  readonly enum?: readonly number[];
  readonly minimum?: number;
  readonly maximum?: number;
}

interface FlagType {
  readonly type: "boolean";
}

/** What an item of a list, or a value of a map, may be. */
export type SimpleType = TextType | NumberType | FlagType;

interface ListType {
  readonly type: "array";
  readonly items: SimpleType;
}

/** A map from any name. */
interface MapType {
  readonly type: "object";
  readonly additionalProperties: SimpleType;
}

interface About<Value> {
  /** What the admin is told of the key. */
  readonly description: string;
  /** The value where `config.yaml` has none. Without a default the setting is absent then. */
  readonly default?: Value;
  /** Values as an admin may want them; the first is shown in messages. */
  readonly examples?: readonly Value[];
  /** The value is never repeated in messages. */
  readonly secret?: boolean;
}

type Simple = string | number | boolean;

/** One key of a plugin's section: a subset of JSON Schema. */
export type SettingKey =
  | (TextType & About<string>)
  | (NumberType & About<number>)
  | (FlagType & About<boolean>)
  | (ListType & About<readonly Simple[]>)
  | (MapType & About<Readonly<Record<string, Simple>>>);

export type SettingKeys = Readonly<Record<string, SettingKey>>;

/** The section of `config.yaml` that is a plugin's own, and its keys. */
export interface SettingsDeclaration {
  readonly section: string;
  readonly keys: SettingKeys;
}

type Keywords<Type, Kind = SettingKey> = Kind extends { readonly type: infer Known }
  ? Type extends Known
    ? keyof Kind
    : never
  : never;

/** Asks for nothing, but does not compile with a keyword that the key's type does not take. */
export type OnlyKnown<Keys> = {
  readonly [Name in keyof Keys]: Keys[Name] extends { readonly type: infer Type }
    ? { readonly [Word in Exclude<keyof Keys[Name], Keywords<Type>>]: never }
    : unknown;
};

type ValueOfSimple<Type> = Type extends { readonly enum: readonly (infer One)[] }
  ? One
  : Type extends { readonly type: "string" }
    ? string
    : Type extends { readonly type: "boolean" }
      ? boolean
      : number;

type ValueOf<Key> = Key extends { readonly type: "array"; readonly items: infer Item }
  ? readonly ValueOfSimple<Item>[]
  : Key extends { readonly type: "object"; readonly additionalProperties: infer Item }
    ? Readonly<Record<string, ValueOfSimple<Item>>>
    : ValueOfSimple<Key>;

/** The values of declared keys, as hooks are handed them. */
export type SettingsOf<Keys> = {
  readonly [Name in keyof Keys]: Keys[Name] extends { readonly default: unknown }
    ? ValueOf<Keys[Name]>
    : ValueOf<Keys[Name]> | undefined;
};
