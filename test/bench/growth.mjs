export function growth() {
  return { unexpected: 0 };
}
