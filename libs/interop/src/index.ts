/** Public names of other people's protocols. */
export { InteropModule } from './interop.module.js';
