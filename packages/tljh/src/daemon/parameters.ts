import { z } from "zod";
import { parameterInvalid } from "../errors/daemon.ts";

const name = z.string().min(1).max(1024);
/** Seconds that plugins may keep the caller waiting. */
const patience = z.number().min(0).max(86_400);
const property = z.union([z.string(), z.array(z.string())]);

export const accountParameters = z.object({
  username: name,
  account: name.nullish(),
  admin: z.boolean().default(false),
  groups: z.array(name).default([]),
  patience: patience.default(30),
});

export const startParameters = z
  .object({
    unit: name,
    account: name.nullable(),
    dynamicUser: z.boolean().default(false),
    command: z.array(z.string()).min(1),
    environment: z.record(z.string(), z.string()).default({}),
    workingDirectory: z.string().nullish(),
    properties: z.record(z.string(), property).default({}),
    slice: z.string().nullish(),
    patience: patience.default(15),
  })
  // Without an account systemd would run the server as root.
  .refine(({ account, dynamicUser }) => (account === null) === dynamicUser, {
    message: "either account is a name, or it is null and dynamicUser is true",
  });

export const unitParameters = z.object({ unit: name });
export const userParameters = z.object({ username: name });
export const removedParameters = z.object({
  username: name,
  account: name.nullish(),
  patience: patience.default(20),
});
export const passwordParameters = z.object({ username: name, password: z.string() });

/** The parameters as the method wants them. Messages name the field, never what was in it. */
export function parseParameters<T>(method: string, schema: z.ZodType<T>, params: unknown): T {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    [path.join("."), message].filter(Boolean).join(": "),
  );
  throw parameterInvalid(method, problems.join("; "));
}
