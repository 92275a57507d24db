import { handle } from "../router.ts";
import type { FakeApp } from "./fake-app.ts";
import { get } from "./requests.ts";

/** A page's markup; the address must answer 200. */
export async function pageOf(app: FakeApp, path: string, cookie?: string): Promise<string> {
  const response = await handle(get(path, cookie), app);
  if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}.`);
  return response.text();
}

/** The purchases that a page lists, in its order: "Corner Store $10.00". */
export function purchasesOn(page: string): string[] {
  const rows = page.matchAll(/<bdi>([^<]*)<\/bdi><\/a>\s*<span class="amount[^"]*">([^<]*)<\/span>/g);
  return [...rows].map(([, merchant, amount]) => `${merchant} ${amount}`);
}

/** What the chosen month came to, per currency: "$10.00". */
export function monthTotalsOn(page: string): string[] {
  return [...page.matchAll(/<section class="currency"[^>]*>\s*<p class="big">([^<]*)<\/p>/g)].map(
    ([, sum = ""]) => sum,
  );
}

/** What a page says in words, its markup and line breaks taken away. */
export function wordsOf(page: string): string {
  const body = page.slice(page.indexOf("<main"), page.indexOf("</main>"));
  const words = body.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
  return words.replaceAll("&#39;", "'").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
