import { expect, expectAccessible, test, Trouble } from "../fixtures";

// The net that all other tests rely on: each case answers a made-up page and says what must be caught.
const PAGE = "http://page.test/";
const POLICY = "default-src 'self'; script-src 'self' 'nonce-good'; img-src 'self' data:";

const cases = [
  { name: "nothing is wrong", body: "<p>Fine</p>", caught: [] },
  { name: "an error on the console", body: "<script nonce=good>console.error('broken')</script>", caught: [/console error: broken/] },
  { name: "a warning about hydration", body: "<script nonce=good>console.warn('Hydration mismatch')</script>", caught: [/Hydration mismatch/] },
  { name: "an exception", body: "<script nonce=good>throw new Error('thrown')</script>", caught: [/page error: thrown/] },
  { name: "a violated policy", body: "<script>document.title = 'inline'</script>", caught: [/CSP violation: script-src/] },
  { name: "a missing picture", body: "<img src=/missing.png alt=''>", caught: [/404: GET .*missing\.png/] },
];

for (const { name, body, caught } of cases) {
  test(`the browser's complaints: ${name}`, async ({ browser }) => {
    const context = await browser.newContext();
    const trouble = new Trouble();
    await trouble.watch(context);
    await context.route("**/*", (route) =>
      route.request().url() === PAGE
        ? route.fulfill({
            contentType: "text/html",
            headers: { "Content-Security-Policy": POLICY },
            body: `<!doctype html><html lang=en><title>Case</title><link rel=icon href=data:,><main>${body}</main>`,
          })
        : route.fulfill({ status: 404, body: "" }),
    );
    const page = await context.newPage();
    await page.goto(PAGE);
    for (const pattern of caught) {
      await expect.poll(() => trouble.unexpected().join("\n")).toMatch(pattern);
    }
    if (caught.length === 0) {
      expect(trouble.unexpected()).toEqual([]);
    }
    trouble.allow(/./);
    expect(trouble.unexpected()).toEqual([]);
    await context.close();
  });
}

test("the accessibility check finds a picture without words", async ({ page }) => {
  await page.setContent("<!doctype html><html lang=en><title>Case</title><main><h1>Case</h1><img src=data:,></main>");
  await expect(expectAccessible(page)).rejects.toThrow(/image-alt/);
});

test("the accessibility check passes a sound page", async ({ page }) => {
  await page.setContent("<!doctype html><html lang=en><title>Case</title><main><h1>Case</h1><p>Words.</p></main>");
  await expectAccessible(page);
});
