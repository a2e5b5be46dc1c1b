/** What is shown of the console: who looks, at what, and what they do first. */

/** @typedef {{ name: string, who?: string, language?: 'en' | 'es', scheme?: 'light' | 'dark', phone?: boolean, show: (page: import('playwright-core').Page, furniture: { ids: Record<string, string>, prediction: string, batch: string }) => Promise<unknown> }} Scene */

async function heading(page, path) {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle').catch(() => undefined);
}

/** @type {readonly Scene[]} */
export const SCENES = [
  { name: 'sign-in', show: (page) => page.goto('/sign-in') },
  { name: 'predictions', who: 'clara', show: (page) => heading(page, '/predictions') },
  { name: 'prediction', who: 'clara', show: (page, { prediction }) => heading(page, `/predictions/${prediction}`) },
  { name: 'batch', who: 'marta', show: (page, { batch }) => heading(page, `/batches/${batch}`) },
  { name: 'models', who: 'diego', show: (page) => heading(page, '/models') },
  { name: 'versions', who: 'diego', show: (page) => heading(page, '/models/penguins?a=1.2.0&b=1.0.0') },
  { name: 'service', who: 'admin', scheme: 'dark', show: (page) => heading(page, '/service') },
  { name: 'users', who: 'admin', show: (page) => heading(page, '/users') },
  { name: 'audit', who: 'alba', show: (page) => heading(page, '/audit') },
  { name: 'account', who: 'clara', language: 'es', phone: true, show: (page) => heading(page, '/account') },
];
