import { expect, expectAccessible, test } from "../fixtures";
import type { Page } from "@playwright/test";

const address = "/dev/gallery";

/** Opens the gallery and waits until the client code has begun. */
async function open(page: Page): Promise<void> {
  await page.goto(address);
  await page.locator("html[data-live]").waitFor();
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 390, 320]) {
    test(`every component is accessible: ${colorScheme}, ${width} px`, async ({ page }) => {
      test.slow();
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await open(page);
      await expectAccessible(page);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(beyond, "pixels that only sideways scrolling shows").toBeLessThanOrEqual(0);
    });
  }
}

test("a combobox is searched and chosen from by keyboard", async ({ page }) => {
  await open(page);
  const stage = page.getByRole("combobox", { name: "Trigger stage", exact: true });
  await expect(stage).toHaveValue("Phone Screen Passed");
  await stage.fill("site");
  const list = page.getByRole("listbox", { name: "Trigger stage" });
  await expect(list.getByRole("option")).toHaveText([/On-site/]);
  await page.keyboard.press("Enter");
  await expect(stage).toHaveValue("On-site");
  await expect(list).toBeHidden();
  await expect(page.locator("select[name=stage]")).toHaveValue("st-2");
  await stage.fill("nothing like it");
  await expect(page.getByText("Nothing matches.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(stage).toHaveValue("On-site");
  // Emptied, nothing is chosen.
  await stage.fill("");
  await page.keyboard.press("Tab");
  await expect(page.locator("select[name=stage]")).toHaveValue("");
});

test("the palette opens by its keys, finds, and begins anew", async ({ page }) => {
  await open(page);
  const palette = page.getByRole("dialog", { name: "Go to" });
  await page.keyboard.press("Control+k");
  const field = palette.getByRole("combobox");
  await expect(field).toBeFocused();
  await expectAccessible(page);
  await field.fill("zzz");
  await expect(palette.getByText("Nothing matches.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(palette).toBeHidden();
  await page.keyboard.press("Control+k");
  await expect(field).toHaveValue("");
});

test("a question mark shows the keys, outside of fields only", async ({ page }) => {
  await open(page);
  const keys = page.getByRole("dialog", { name: "Keys" });
  await page.getByLabel("Name", { exact: true }).focus();
  await page.keyboard.press("?");
  await expect(keys).toBeHidden();
  await page.getByRole("button", { name: "Verify now" }).first().focus();
  await page.keyboard.press("?");
  await expect(keys).toBeVisible();
  await expectAccessible(page);
});

test("a dialog returns the focus to what opened it", async ({ page }) => {
  await open(page);
  const opener = page.getByRole("button", { name: "Open a dialog" });
  await opener.click();
  const dialog = page.getByRole("dialog", { name: "Resend the invitation" });
  await expect(dialog).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
});

test("what must be typed is compared before the form goes", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Disconnect Lever" }).click();
  const dialog = page.getByRole("dialog", { name: "Disconnect Lever?" });
  await dialog.getByRole("textbox").fill("acm");
  await dialog.getByRole("button", { name: "Disconnect" }).click();
  await expect(dialog).toBeVisible();
  expect(await dialog.getByRole("textbox").evaluate((field: HTMLInputElement) => field.validity.patternMismatch)).toBe(true);
});

test("words are collected and taken back", async ({ page }) => {
  await open(page);
  const field = page.getByRole("textbox", { name: "Tags" });
  await field.fill("Rust");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("checkbox", { name: "Rust" })).toBeChecked();
  await expect(field).toHaveValue("");
  await page.keyboard.press("Backspace");
  await expect(page.getByRole("checkbox", { name: "Rust" })).not.toBeChecked();
});

test("an id is copied, and it is said", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await page.getByRole("button", { name: "Copy the request", exact: true }).click();
  await expect(page.getByRole("status").getByText("Copied")).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("curl -X POST");
});

test.describe("without client code", () => {
  test.use({ javaScriptEnabled: false });

  test("lists are the browser's own, and dialogs and menus open", async ({ page }) => {
    await page.goto(address);
    await page.locator("select[name=stage]").selectOption({ label: "Offer (21 candidates)" });
    await page.getByRole("button", { name: "Open a dialog" }).click();
    await expect(page.getByRole("dialog", { name: "Resend the invitation" })).toBeVisible();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Actions" }).click();
    await expect(page.getByRole("link", { name: "Open in Lever" }).last()).toBeVisible();
  });
});
