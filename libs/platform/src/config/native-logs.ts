/**
 * Lets the native TensorFlow keep to itself what it thinks of the processor, which it otherwise writes to standard error
 * between the lines of the log. It reads the variable when its library is loaded; who sets it is obeyed.
 */
export function quietNativeTensorFlow(): void {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
}
