import type { Locator, Page } from "@playwright/test";

export interface LeverConnection {
  base_url: string;
  api_key: string;
  perform_as: string;
}

export interface VendorConnection {
  greenhouse: Record<"api_key" | "list_tests_url" | "send_test_url" | "test_status_url" | "response_error_url", string>;
}

/** The page on which an organization is connected. */
export class ConnectionsPage {
  readonly state: Locator;
  readonly goLive: Locator;

  constructor(readonly page: Page) {
    this.state = page.locator(".page-header .pill");
    this.goLive = page.getByRole("button", { name: "Go live" });
  }

  async open(slug = "acme"): Promise<void> {
    await this.page.goto(`/o/${slug}/connections`);
  }

  async storeKey({ base_url, api_key }: LeverConnection): Promise<void> {
    await this.page.getByText("Another address").click();
    await this.page.getByLabel("Address, for another one").fill(base_url);
    await this.page.locator("#lever-key").fill(`  ${api_key} `);
    await this.page.getByRole("button", { name: "Try and store the key" }).click();
    await this.page.getByText("Lever accepted the key").waitFor();
  }

  /** The first user whose name holds this. */
  async chooseUser(name: string): Promise<void> {
    const field = this.page.getByRole("combobox", { name: "In whose name Assay writes" });
    await field.fill(name);
    await field.press("ArrowDown");
    await field.press("Enter");
    await this.page.locator("#users").getByRole("button", { name: "Save" }).click();
    await this.page.getByText("Saved: Assay writes").waitFor();
  }

  async makeWebhooks(): Promise<void> {
    await this.page.getByRole("button", { name: "Make the webhooks in Lever" }).click();
    await this.page.getByText("The webhooks are made").waitFor();
  }

  async connectPy({ greenhouse }: VendorConnection): Promise<void> {
    const form = this.page.locator("form", { has: this.page.locator("input[name='vendor[send_test_url]']") }).first();
    for (const field of ["list_tests_url", "send_test_url", "test_status_url", "response_error_url", "api_key"] as const) {
      await form.locator(`input[name="vendor[${field}]"]`).fill(greenhouse[field]);
    }
    await form.getByRole("button", { name: "Ask for its tests and connect" }).click();
    await this.page.getByText("The vendor told its tests").waitFor();
  }
}
