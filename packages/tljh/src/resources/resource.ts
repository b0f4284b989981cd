import type { EventSink } from "../events.ts";
import type { Installation } from "../install/installation.ts";
import type { Answers, LoadedPlugins, PluginPins } from "../plugins/index.ts";
import type { ServerPaths } from "../system/paths.ts";

/** One thing that is not as wanted, in words an admin reads in `tljh plan`. */
export interface Difference {
  readonly action: "add" | "change" | "remove";
  /** What is touched: a package, a file, a setting. */
  readonly what: string;
  /** Why it is wanted: the plugin or the flag behind it. */
  readonly because?: string;
  /** Who wanted what is now taken away, or put back as it was. */
  readonly formerly?: string;
}

/** Everything a resource may use. One per command. */
export interface ServerContext {
  readonly paths: ServerPaths;
  readonly wanted: Installation;
  readonly admins: readonly Admin[];
  /** As what plugins are installed. */
  readonly pins: PluginPins;
  /** The release that is running: the folder with `bin` and `lib`. */
  readonly release: string;
  /** The package cache; for a plan of a server that has none, a folder that is thrown away. */
  readonly cacheDir: string;
  readonly emit: EventSink;
  /** Whether plugins and changes may be made; a plan leaves the machine as it is. */
  readonly dryRun: boolean;
  /** Whether plugins that fail take no part, instead of ending the run. */
  readonly skipFailing: boolean;
  /** Plugins found on the server now; loaded once, and again after `forgetPlugins`. */
  plugins(): Promise<LoadedPlugins>;
  forgetPlugins(): Promise<void>;
  /** What all plugins contribute; asked once, when those that were asked for are in their places. */
  contributions(): Promise<Answers>;
}

export interface Admin {
  readonly name: string;
  readonly password: string | null;
}

/**
 * Takes a change back, for when a later one of the same run fails and the server must be as it was. `later` is
 * for what must wait until everything else is back.
 */
export type Undo = (later: (action: () => Promise<void>) => void) => Promise<void>;

/**
 * A piece of the server. `read` looks at the machine, `compare` decides without touching it,
 * `change` makes the differences go away and may be interrupted at any point: the next run reads again.
 */
export interface Resource<Found = unknown> {
  readonly id: string;
  readonly title: string;
  read(context: ServerContext): Promise<Found>;
  compare(found: Found, context: ServerContext): readonly Difference[];
  /** Gives back a way to undo, where leaving the change behind could stand in the way of the next run. */
  change(found: Found, context: ServerContext): Promise<Undo | undefined>;
}

/** Hides the type of what a resource reads, so that resources of every kind stand in one list. */
export interface AnyResource {
  readonly id: string;
  readonly title: string;
  inspect(context: ServerContext): Promise<Inspection>;
}

export interface Inspection {
  readonly differences: readonly Difference[];
  change(): Promise<Undo | undefined>;
}

export function resource<Found>(definition: Resource<Found>): AnyResource {
  return {
    id: definition.id,
    title: definition.title,
    async inspect(context) {
      const found = await definition.read(context);
      return {
        differences: definition.compare(found, context),
        change: () => definition.change(found, context),
      };
    },
  };
}
