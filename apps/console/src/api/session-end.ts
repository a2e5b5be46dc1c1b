/** That the server no longer knows who asks: whatever is refused so tells it here, be it a query, a call or a stream. */
import { LatidoProblem } from './latido';

let listener: () => void = () => undefined;

export function isSessionOver(error: unknown): boolean {
  return error instanceof LatidoProblem && error.status === 401;
}

/** There is one who listens: the app, which goes to the sign-in page. */
export function onSessionEnd(called: () => void): void {
  listener = called;
}

export function tellSessionEnd(error: unknown): void {
  if (isSessionOver(error)) listener();
}
