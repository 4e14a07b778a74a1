import type { Locator, Page } from "@playwright/test";

/** What people set for themselves. */
export class PreferencesPage {
  readonly zone: Locator;
  readonly keys: Locator;
  readonly save: Locator;
  readonly told: Locator;

  constructor(readonly page: Page) {
    this.zone = page.getByRole("combobox", { name: "Time zone", exact: true });
    this.keys = page.getByRole("switch", { name: "Single keys" });
    this.save = page.getByRole("button", { name: "Save preferences" });
    this.told = page.getByRole("status").filter({ has: page.locator(".banner") });
  }

  async open(): Promise<void> {
    await this.page.goto("/preferences");
  }

  rows(density: "Comfortable" | "Compact"): Locator {
    return this.page.getByRole("group", { name: "Rows" }).last().getByText(density, { exact: true });
  }

  /** Back to what nobody has set. */
  async reset(): Promise<void> {
    const form = { timezone: "", theme: "system", density: "comfortable", shortcuts: "on" };
    await this.page.request.post("/app/preferences-save", { form, maxRedirects: 0 });
  }
}
