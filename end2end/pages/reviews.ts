import { expect, type Locator, type Page } from "@playwright/test";

/** The list of results of which a person has to say whose they are. */
export class ReviewsPage {
  readonly rows: Locator;
  readonly start: Locator;
  readonly none: Locator;
  readonly waiting: Locator;

  constructor(readonly page: Page) {
    this.rows = page.locator("main tbody tr");
    this.start = page.getByRole("link", { name: "Start with the first" });
    this.none = page.getByText("Nothing waits for a decision");
    this.waiting = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Reviews" }).locator(".badge");
  }

  async open(): Promise<void> {
    await this.page.goto("/o/acme/reviews");
  }

  /** Waits until so many wait: they are looked for while the demo starts. */
  async until(count: number): Promise<void> {
    await expect(async () => {
      await this.open();
      await expect(this.rows).toHaveCount(count, { timeout: 500 });
    }).toPass({ timeout: 30_000 });
  }

  /** The result of a person, by the name at the vendor. */
  link(name: string): Locator {
    return this.rows.getByRole("link", { name, exact: true });
  }

  async address(name: string): Promise<string> {
    return (await this.link(name).getAttribute("href"))!;
  }
}

/** One result beside the people it may be of. */
export class ReviewPage {
  readonly heading: Locator;
  readonly candidates: Locator;
  readonly chosen: Locator;
  readonly link: Locator;
  readonly left: Locator;
  readonly writes: Locator;
  readonly undo: Locator;
  readonly toast: Locator;
  readonly alert: Locator;
  readonly notes: Locator;
  readonly queue: Locator;

  constructor(readonly page: Page) {
    this.heading = page.getByRole("heading", { level: 1 });
    this.candidates = page.getByRole("navigation", { name: "Whom it may be" }).getByRole("link");
    this.chosen = page.getByRole("navigation", { name: "Whom it may be" }).locator("[aria-current]");
    this.link = page.getByRole("button", { name: /^Link to/ });
    this.left = page.getByRole("button", { name: "None of these" });
    this.writes = page.locator(".verdict");
    this.undo = page.getByRole("button", { name: "Undo" });
    this.toast = page.locator(".toasts-sent");
    this.alert = page.getByRole("alert");
    this.notes = page.getByRole("main").getByRole("status").locator(".banner");
    this.queue = page.getByRole("navigation", { name: "Waiting reviews" }).getByRole("link");
  }

  /** Presses a key of a verdict, and waits until the next result is there. */
  async press(key: string): Promise<void> {
    const address = this.page.url();
    await this.page.keyboard.press(key);
    await this.page.waitForURL((url) => url.href !== address);
    await expect(this.toast).toBeVisible();
  }
}
