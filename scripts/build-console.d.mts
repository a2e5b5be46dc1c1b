/** Builds the web console where it is not built; resolves with whether it was. */
export function ensureConsoleBuilt(): Promise<boolean>;
