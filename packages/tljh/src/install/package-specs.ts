import specs from "../../data/packages.json" with { type: "json" };

/** What an environment holds before any plugin asks for more. */
export interface EnvironmentSpecs {
  /** Conda match specs that must be there. */
  readonly required: readonly string[];
  /** Names that are installed where the channels have them. */
  readonly optional: readonly string[];
  /** Python modules whose import proves that a changed environment works. */
  readonly imports: readonly string[];
}

/** The one data file of package names and pins. */
export const packageSpecs: {
  readonly channels: readonly string[];
  readonly hub: EnvironmentSpecs;
  readonly user: EnvironmentSpecs;
} = specs;
