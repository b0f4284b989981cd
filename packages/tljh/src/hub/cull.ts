import type { Config } from "../config/schema.ts";

/** `services.cull`, in seconds, and where the hub's API is: `baseUrl` begins and ends with a slash. */
export type CullSettings = Config["services"]["cull"] & { readonly baseUrl: string };

export function cullSettings({ services, base_url }: Config): CullSettings {
  return { ...services.cull, baseUrl: base_url };
}
