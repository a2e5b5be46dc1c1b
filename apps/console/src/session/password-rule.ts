/** In characters, as the API has it. */
export const SHORTEST_PASSWORD = 12;
