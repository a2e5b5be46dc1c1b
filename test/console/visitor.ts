/** Somebody who uses the console in Chromium, by what they see and hear: roles, labels, texts. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { expect, inject, onTestFinished } from 'vitest';
import { ADMIN_PASSWORD, Server } from '../e2e/server.js';

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

export const WIDE = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** Those of axe that depend on colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

const place = inject('console');
/** For `describe.skipIf`. */
export const noBrowser = place === null;

/** Everybody comes from an address of their own, as through a proxy: so many sign-ins in a minute are refused to one. */
function newAddress(): string {
  return [10, ...randomBytes(3)].join('.');
}

class ConsoleServer extends Server {
  override request<T>(method: string, path: string, options: Parameters<Server['request']>[2] = {}) {
    return super.request<T>(method, path, {
      ...options,
      headers: { 'x-forwarded-for': newAddress(), ...options.headers },
    });
  }
}

/** The console's server, which the set-up has started: to make people and to look at what came of clicks. */
export const server = Object.assign(new ConsoleServer({}, place?.folder ?? ''), { port: place?.port ?? 0 });

export type NewUser = Awaited<ReturnType<typeof server.newUser>>;

let connection: Promise<Browser> | undefined;
function browser(): Promise<Browser> {
  return (connection ??= chromium.connect(place!.browser));
}

export interface Person {
  readonly name: string;
  readonly password: string;
}

export const ADMINISTRATOR: Person = { name: 'admin', password: ADMIN_PASSWORD };

export interface Appearance {
  readonly language?: 'en' | 'es';
  readonly scheme?: 'light' | 'dark';
  readonly viewport?: typeof WIDE;
}

export class Visitor {
  /** What a developer would see in red: errors in the console, failed requests, refusals nobody expected. */
  private readonly complaints: string[] = [];
  private expected: RegExp[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.complain(message.text());
    });
    page.on('pageerror', (error) => this.complain(error.stack ?? error.message));
    page.on('requestfailed', (request) => {
      // A page that is left, or a question that is asked anew, ends its request itself.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') this.complain(`${request.url()} failed`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) this.complain(`${response.status()} ${response.url()}`);
    });
    page.on('request', (request) => {
      if (new URL(request.url()).host !== new URL(server.url).host && !request.url().startsWith('blob:'))
        this.complain(`a request to another host: ${request.url()}`);
    });
  }

  static async open({ language = 'en', scheme = 'light', viewport = WIDE }: Appearance = {}): Promise<Visitor> {
    const context = await (
      await browser()
    ).newContext({
      baseURL: server.url,
      viewport,
      colorScheme: scheme,
      locale: language === 'es' ? 'es-ES' : 'en-GB',
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
      extraHTTPHeaders: { 'x-forwarded-for': newAddress() },
    });
    // Called in a test, at whose end it leaves.
    onTestFinished(() => context.close());
    return new Visitor(context, await context.newPage());
  }

  /** Comes to `path` as somebody who is signed in. */
  static async signedIn({ name, password }: Person, path: string, appearance?: Appearance): Promise<Visitor> {
    const visitor = await Visitor.open(appearance);
    await visitor.signIn(name, password, path);
    return visitor;
  }

  /** Another tab of the same browser. */
  async newTab(): Promise<Visitor> {
    return new Visitor(this.context, await this.context.newPage());
  }

  async goTo(path: string): Promise<void> {
    await this.page.goto(path);
    await this.page.getByRole('heading', { level: 1 }).waitFor();
  }

  /** By the form, and arrives at `path`. */
  async signInByHand(name: string, password: string, path = '/'): Promise<void> {
    await this.page.goto(path);
    await this.page.getByLabel(/^(User name or e-mail|Nombre de usuario o correo)$/).fill(name);
    await this.page.getByLabel(/^(Password|Contraseña)$/).fill(password);
    await this.page.getByRole('button', { name: /^(Sign in|Iniciar sesión)$/ }).click();
    await this.page.getByRole('navigation').first().waitFor({ state: 'attached' });
    await this.page.getByRole('heading', { level: 1 }).waitFor();
  }

  /** Comes back to `path` with a session that was begun before: a page less to load than by the form. */
  async signIn(name: string, password: string, path = '/'): Promise<void> {
    const answer = await this.context.request.post('/v1/auth/token', {
      headers: { 'x-token-delivery': 'cookie' },
      data: { grant_type: 'password', username: name, password },
    });
    expect(answer.status()).toBe(200);
    // Once in a tab: who signs out afterwards is signed out.
    await this.context.addInitScript(
      "if (!sessionStorage.begun) localStorage.setItem('latido.session', (sessionStorage.begun = 'before'))",
    );
    await this.goTo(path);
    await this.page.getByRole('navigation').first().waitFor({ state: 'attached' });
  }

  async appear({ scheme, viewport }: Appearance): Promise<void> {
    if (scheme) await this.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    if (viewport) await this.page.setViewportSize(viewport);
    // The page hears of it, draws itself anew, and its colours fade into each other.
    if (scheme) await this.page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor();
    await this.page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
    await this.page.evaluate('Promise.allSettled(document.getAnimations().map(({ finished }) => finished))');
  }

  /** What follows is meant to go wrong in this way. */
  expects(...complaints: RegExp[]): void {
    this.expected = complaints;
  }

  expectNoComplaints(): void {
    expect(this.complaints).toEqual([]);
  }

  /** axe finds nothing on the page as it is, in the light and in the dark. */
  async expectAccessible(schemes: readonly ('light' | 'dark')[] = ['light', 'dark']): Promise<void> {
    for (const scheme of schemes) {
      await this.appear({ scheme });
      // Names, roles and order are the same in both: the other theme is asked about its colours.
      const rules = scheme === schemes[0] ? undefined : COLOUR_RULES;
      expect(await this.violations(rules), `in the ${scheme} theme`).toEqual([]);
    }
    await this.appear({ scheme: 'light' });
  }

  /** Nothing sticks out at the side, which one would have to scroll to. */
  async expectNoSidewaysScroll(): Promise<void> {
    const excess = await this.page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(excess).toBeLessThanOrEqual(0);
  }

  private async violations(rules?: readonly string[]): Promise<string[]> {
    if (!(await this.page.evaluate<boolean>("'axe' in window"))) await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate<AxeResults>(
      `axe.run(${rules ? JSON.stringify({ runOnly: rules }) : ''})`,
    );
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 300)} ${failureSummary}`),
    );
  }

  private complain(text: string): void {
    if (!this.expected.some((pattern) => pattern.test(text))) this.complaints.push(text);
  }
}
