/** Injection tokens for what is not a class. */
export const DATABASE_ACCESS = Symbol('DatabaseAccess');
