import * as z from "zod";
import type { CallResult } from "../adapter.ts";

/** What a host of plugins answers to each method, and what it says unasked; see `host/protocol.ts`. */

export const foundPlugins = z.array(
  z.object({
    name: z.string(),
    module: z.string(),
    distribution: z.string().nullish(),
    version: z.string().nullish(),
  }),
);

/** A Python plugin as the host found it, by its entry point, not imported. */
export type FoundPlugin = z.infer<typeof foundPlugins>[number];

export const loaded = z.object({
  hooks: z.array(
    z.object({
      name: z.string(),
      arguments: z.array(z.string()).default([]),
      tryfirst: z.boolean().default(false),
      trylast: z.boolean().default(false),
    }),
  ),
});

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Of the arguments each is what the caller gave to the plugin: they are not looked through. */
export const callResult = z.object({
  value: z.unknown(),
  arguments: z.custom<CallResult["arguments"]>(isMap).default({}),
});

export const stray = z.object({
  stray: z.object({
    plugin: z.string().nullable(),
    message: z.string(),
    trace: z.string().optional(),
  }),
});
