import { expect, expectAccessible, ready, test } from "../fixtures";
import { ConnectionsPage } from "../pages/connections";
import { FirstDay } from "../pages/first-day";
import { tabTo } from "../pages/focus";
import { lever, vendor } from "../pages/sandbox";
import { TriggerPage } from "../pages/triggers";
import type { Locator, Page } from "@playwright/test";

async function addRow(page: Page): Promise<void> {
  await page.getByRole("navigation", { name: "The way to live" }).getByRole("link", { name: "Trigger stages" }).click();
  await page.getByRole("link", { name: "Add a trigger stage" }).first().click();
  const row = new TriggerPage(page);
  await row.choose(row.stage, "Phone Screen Passed");
  await row.choose(row.test, "Backend screen");
  await row.pass.fill("80");
  await row.fail.fill("40");
  await row.save.click();
  await expect(page.getByText("was added. Nothing is sent before it is live: Connections.")).toBeVisible();
}

/** Someone passes the phone screen in Lever and takes the test. */
async function firstPass(day: FirstDay, page: Page): Promise<void> {
  const { id } = await lever.at(day.lever.port).pass({ name: "Ada First", email: "ada@example.com" });
  await vendor.at(day.vendors.port).complete("ada@example.com", 91);
  const tags = async () => (await lever.at(day.lever.port).read(id)).tags;
  await expect.poll(tags, { timeout: 20_000 }).toContain("Py - Pass");
  await page.goto(`/o/acme/candidates/${id}`);
  await expect(page.getByText("Written to Lever").first()).toBeAttached();
}

test("from an empty database to a first Py - Pass, without a terminal", async ({ page, browser }) => {
  test.setTimeout(120_000);
  const day = new FirstDay();
  try {
    await day.start();
    const began = Date.now();
    await page.goto(day.server.setUp);
    await expectAccessible(page);
    await day.own(page);
    const link = await day.invite(page, "sue@example.org", "Super admin");

    const own = await day.join(browser, link);
    await expect(own).toHaveURL(`${day.server.address}/o/acme`);
    const connections = new ConnectionsPage(own);
    await connections.open();
    await ready(own);
    await connections.storeKey(day.lever.connection);
    await expectAccessible(own);
    await connections.chooseUser("a");
    await connections.makeWebhooks();
    await connections.connectPy(day.vendors.connection);
    await addRow(own);
    await connections.open();
    await expect(connections.state).toHaveText("Not live: nothing is sent");
    await connections.goLive.click();
    await expect(connections.state).toHaveText("Live");
    console.log(`from the printed address to live: ${((Date.now() - began) / 1000).toFixed(1)} s`);

    // The page that waits says by itself that there is something new.
    await firstPass(day, await own.context().newPage());
    await own.bringToFront();
    await expect(own.getByText("Something changed since this was loaded")).toBeVisible();
    await connections.open();
    await expect(own.getByText("Verified")).toBeVisible();
    await own.context().close();
  } finally {
    await day.end(page);
  }
});

test("with an account manager who hands the key over", async ({ page, browser }) => {
  test.setTimeout(120_000);
  const day = new FirstDay();
  try {
    await day.start();
    await day.own(page);
    const forSue = await day.invite(page, "sue@example.org", "Super admin");
    await page.goto(`${day.server.address}/people`);
    await ready(page);
    const forMona = await day.invite(page, "mona@example.org", "Account manager");
    const [sue, mona] = [await day.join(browser, forSue), await day.join(browser, forMona)];

    /** The card of Py on the page of integrations, unfolded. */
    const py = async (who: Page): Promise<Locator> => {
      await who.goto("/o/acme/integrations");
      await ready(who);
      const card = who.locator("details", { has: who.getByText("Py", { exact: true }) }).first();
      if ((await card.getAttribute("open")) === null) {
        await card.locator("summary").click();
      }
      return card;
    };
    await (await py(sue)).getByRole("button", { name: "Send request to enable" }).click();
    await expect(sue.getByRole("main")).toContainText("Requested");
    await (await py(mona)).getByRole("button", { name: "Ask for the authorization" }).click();
    await expect(mona.getByRole("main")).toContainText("Authorization asked");
    const asked = await py(sue);
    await expectAccessible(sue);
    await asked.getByRole("button", { name: "Authorize" }).click();
    await expect(sue.getByRole("main")).toContainText("Authorized");
    const granted = await py(mona);
    await granted.getByLabel("Lever API key").fill(` ${day.lever.connection.api_key}\n`);
    await granted.getByRole("button", { name: "Make the one-time link" }).click();
    await expectAccessible(mona);
    const link = await mona.getByLabel("Link").inputValue();

    await sue.goto(link);
    await expectAccessible(sue);
    await sue.getByText("Another address").click();
    await sue.getByLabel("Address, for another one").fill("http://127.0.0.1:9/v1");
    await sue.getByRole("button", { name: "Store it as the Lever key of Acme" }).click();
    await expect(sue.getByRole("alert")).toContainText("The link is as good as before");
    await sue.getByLabel("Address, for another one").fill(day.lever.connection.base_url);
    await sue.getByRole("button", { name: "Store it as the Lever key of Acme" }).click();
    await expect(sue.getByText("Lever accepted the key")).toBeVisible();
    const again = await mona.goto(link);
    expect(again?.status(), "it opens once").toBe(410);

    const connections = new ConnectionsPage(sue);
    await ready(sue);
    await connections.chooseUser("a");
    await connections.makeWebhooks();
    await connections.connectPy(day.vendors.connection);
    await addRow(sue);
    await connections.open();
    await connections.goLive.click();
    await expect(connections.state).toHaveText("Live");
    await firstPass(day, sue);
    await Promise.all([sue, mona].map((who) => who.context().close()));
  } finally {
    await day.end(page);
  }
});

test("connected by keyboard alone", async ({ page, browser }) => {
  test.setTimeout(180_000);
  const day = new FirstDay();
  try {
    await day.start();
    await day.own(page);
    const own = await day.join(browser, await day.invite(page, "sue@example.org", "Super admin"));
    const connections = new ConnectionsPage(own);
    const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => own.keyboard.press(key)), Promise.resolve());
    const type = async (goal: Locator, text: string): Promise<void> => {
      await tabTo(own, goal, 120);
      await own.keyboard.type(text);
    };
    const choose = async (goal: Locator, text: string): Promise<void> => {
      await type(goal, text);
      await press("ArrowDown", "Enter");
    };
    const button = (name: string) => own.getByRole("button", { name, exact: true });

    await connections.open();
    await ready(own);
    // One stop for all environments; the arrows choose.
    await tabTo(own, own.locator("input[name=place]:checked"), 120);
    await press("ArrowUp");
    await expect(own.locator("input[name=place][value=other]")).toBeChecked();
    await type(own.getByLabel("Address, for another one"), day.lever.connection.base_url);
    await type(own.locator("#lever-key"), day.lever.connection.api_key);
    await press("Enter");
    await expect(own.getByText("Lever accepted the key")).toBeVisible();
    await choose(own.getByRole("combobox", { name: "In whose name Assay writes" }), "a");
    await tabTo(own, own.locator("#users").getByRole("button", { name: "Save" }));
    await press("Enter");
    await expect(own.getByText("Saved: Assay writes")).toBeVisible();
    await tabTo(own, button("Make the webhooks in Lever"), 120);
    await press("Enter");
    await expect(own.getByText("The webhooks are made")).toBeVisible();
    const { greenhouse } = day.vendors.connection;
    for (const field of ["list_tests_url", "send_test_url", "test_status_url", "response_error_url", "api_key"] as const) {
      await type(own.locator(`input[name="vendor[${field}]"]`).first(), greenhouse[field]);
    }
    await press("Enter");
    await expect(own.getByText("The vendor told its tests")).toBeVisible();
    await own.goto("/o/acme/triggers/new");
    await ready(own);
    const row = new TriggerPage(own);
    await choose(row.stage, "Phone Screen Passed");
    await choose(row.test, "Backend screen");
    await type(row.pass, "80");
    await type(row.fail, "40");
    await press("Enter");
    await expect(own.getByText("was added")).toBeVisible();
    await connections.open();
    await ready(own);
    await tabTo(own, connections.goLive, 120);
    await press("Enter");
    await expect(connections.state).toHaveText("Live");
    await own.context().close();
  } finally {
    await day.end(page);
  }
});
