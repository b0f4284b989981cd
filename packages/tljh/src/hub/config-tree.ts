/** JupyterHub's configuration as plain data: `<Class>` → `<trait>` → value. */
export type ConfigTree = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
