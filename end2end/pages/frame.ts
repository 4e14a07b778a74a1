import type { Locator, Page } from "@playwright/test";

/** What surrounds every page. */
export class Frame {
  readonly navigation: Locator;
  readonly menu: Locator;
  readonly heading: Locator;
  readonly content: Locator;

  constructor(readonly page: Page) {
    this.navigation = page.getByRole("navigation", { name: "Main" });
    this.menu = page.locator("details.person");
    this.heading = page.getByRole("heading", { level: 1 });
    this.content = page.getByRole("main");
  }

  link(name: string): Locator {
    return this.navigation.getByRole("link", { name, exact: true });
  }

  async openMenu(): Promise<void> {
    await this.menu.locator("summary").click();
  }

  async choose(theme: "System" | "Light" | "Dark"): Promise<void> {
    await this.openMenu();
    await this.menu.getByRole("button", { name: theme }).click();
    await this.page.locator(`html[data-theme="${theme.toLowerCase()}"]`).waitFor();
  }

  async signOut(): Promise<void> {
    await this.openMenu();
    await this.menu.getByRole("button", { name: "Sign out" }).click();
  }
}
