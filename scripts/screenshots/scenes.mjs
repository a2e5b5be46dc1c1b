/** What is shown of the console: who looks, at what, and what they do first. */

/** @typedef {{ name: string, who?: string, language?: 'en' | 'es', scheme?: 'light' | 'dark', phone?: boolean, show: (page: import('playwright-core').Page, furniture: { ids: Record<string, string>, prediction: string, batch: string, ask: (count: number) => Promise<void> }) => Promise<unknown> }} Scene */

async function heading(page, path) {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle').catch(() => undefined);
}

/** The cardiac model's answer to an example patient. */
async function cardiacAnswer(page) {
  await heading(page, '/try/cardiac-risk');
  await page.getByRole('group').getByRole('button').first().click();
  await page.locator('main form button[type=submit], main button[type=submit]').first().click();
  await page
    .getByRole('link', { name: /record|registro/ })
    .first()
    .waitFor();
  await page.evaluate('scrollTo(0, 0)');
}

/** @type {readonly Scene[]} */
export const SCENES = [
  { name: 'sign-in', show: (page) => page.goto('/sign-in') },
  { name: 'try', who: 'clara', show: cardiacAnswer },
  { name: 'try-phone', who: 'clara', language: 'es', phone: true, scheme: 'dark', show: cardiacAnswer },
  {
    name: 'try-window',
    who: 'clara',
    show: async (page) => {
      await heading(page, '/try/haemodynamic-shock');
      await page.getByRole('button', { name: 'Cardiogenic shock' }).click();
      await page.getByRole('button', { name: 'See it over time' }).click();
      const states = page.getByRole('figure', { name: /^Probability of each state/ });
      await states.waitFor();
      await states.evaluate((element) => element.scrollIntoView({ block: 'end' }));
    },
  },
  { name: 'predictions', who: 'clara', show: (page) => heading(page, '/predictions') },
  { name: 'prediction', who: 'clara', show: (page, { prediction }) => heading(page, `/predictions/${prediction}`) },
  { name: 'batch', who: 'marta', show: (page, { batch }) => heading(page, `/batches/${batch}`) },
  { name: 'models', who: 'diego', show: (page) => heading(page, '/models') },
  {
    name: 'versions',
    who: 'diego',
    show: async (page) => {
      await heading(page, '/models/penguins?a=1.2.0&b=1.0.0');
      const curves = page.getByRole('figure', { name: /^ROC curve/ }).first();
      await curves.waitFor();
      await curves.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    },
  },
  { name: 'publish', who: 'diego', show: publishing },
  { name: 'service', who: 'admin', scheme: 'dark', show: live },
  { name: 'users', who: 'admin', show: (page) => heading(page, '/users') },
  {
    name: 'audit',
    who: 'alba',
    show: async (page) => {
      await heading(page, '/audit?tab=verify');
      await page
        .getByRole('main')
        .getByRole('button', { name: /Verify/ })
        .click();
      await page
        .getByText(/^The record holds/)
        .first()
        .waitFor();
    },
  },
  { name: 'account', who: 'clara', language: 'es', phone: true, show: (page) => heading(page, '/account') },
];

/** A few seconds of the service with somebody asking. */
async function live(page, { ask }) {
  await heading(page, '/service');
  for (let second = 0; second < 12; second += 1) {
    await ask(3 + (second % 5));
    await page.waitForTimeout(1000);
  }
}

async function publishing(page) {
  await heading(page, '/models/publish');
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(new URL('../../models/penguins/1.2.0/model.onnx', import.meta.url).pathname);
  await page.getByText('It can be served.').waitFor();
}
