import { expect, expectAccessible, ready, test } from "../fixtures";
import { ConnectionsPage, type LeverConnection, type VendorConnection } from "../pages/connections";
import { lever, vendor } from "../pages/sandbox";
import { Sandbox, Server } from "../pages/server";
import { TriggerPage } from "../pages/triggers";

const PASSWORD = "several words are easy";

test("from an empty database to a first Py - Pass, without a terminal", async ({ page, browser }) => {
  test.setTimeout(120_000);
  const server = new Server();
  const remotes = [new Sandbox<LeverConnection>("lever", server.port + 1), new Sandbox<VendorConnection>("vendors", server.port + 2)] as const;
  const [atLever, atVendor] = [lever.at(server.port + 1), vendor.at(server.port + 2)];
  try {
    await Promise.all([server.start(), ...remotes.map((remote) => remote.start())]);
    const began = Date.now();
    // The owner.
    await page.goto(server.setUp);
    await expectAccessible(page);
    await page.getByLabel("E-mail").fill("otto@example.org");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Go on" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Instance");
    await ready(page);
    await page.getByRole("button", { name: "Check the address" }).click();
    await expect(page.getByText("The address leads to this server.")).toBeVisible();
    await page.getByLabel("Name", { exact: true }).fill("Acme");
    await page.getByRole("button", { name: "Create the organization" }).click();
    await expect(page.getByText("Nobody signs in here yet")).toBeVisible();
    await page.getByLabel("E-mail").fill("sue@example.org");
    await page.getByRole("button", { name: "Invite" }).click();
    const link = await page.getByLabel("Invitation", { exact: true }).inputValue();

    // The super admin, in a browser of her own.
    const context = await browser.newContext({ baseURL: server.address });
    const own = await context.newPage();
    await own.goto(link);
    await expectAccessible(own);
    await own.getByLabel("Password").fill(PASSWORD);
    await own.getByRole("button", { name: "Go on" }).click();
    await expect(own).toHaveURL(`${server.address}/o/acme`);
    await ready(own);
    const connections = new ConnectionsPage(own);
    await connections.open();
    await ready(own);
    await connections.storeKey(remotes[0].connection);
    await connections.chooseUser("a");
    await connections.makeWebhooks();
    await connections.connectPy(remotes[1].connection);
    await own.getByRole("navigation", { name: "The way to live" }).getByRole("link", { name: "Trigger stages" }).click();
    await own.getByRole("link", { name: "Add a trigger stage" }).first().click();
    const row = new TriggerPage(own);
    await row.choose(row.stage, "Phone Screen Passed");
    await row.choose(row.test, "Backend screen");
    await row.pass.fill("80");
    await row.fail.fill("40");
    await row.save.click();
    await expect(own.getByText("was added")).toBeVisible();
    await connections.open();
    await expect(connections.state).toHaveText("Not live: nothing is sent");
    await connections.goLive.click();
    await expect(connections.state).toHaveText("Live");
    console.log(`from the printed address to live: ${((Date.now() - began) / 1000).toFixed(1)} s`);

    const { id } = await atLever.pass({ name: "Ada First", email: "ada@example.com" });
    await atVendor.complete("ada@example.com", 91);
    await expect.poll(async () => (await atLever.read(id)).tags, { timeout: 20_000 }).toContain("Py - Pass");
    await own.goto(`/o/acme/candidates/${id}`);
    await expect(own.getByText("Written to Lever").first()).toBeAttached();
    await connections.open();
    await expect(own.getByText("Verified")).toBeVisible();
    await context.close();
  } finally {
    // An open page would miss its server.
    await page.goto("about:blank");
    remotes.forEach((remote) => remote.stop());
    await server.remove();
  }
});
