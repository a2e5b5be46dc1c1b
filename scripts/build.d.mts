/** Builds what is not built; resolves with whether something was. */
export function ensureBuilt(): Promise<boolean>;
