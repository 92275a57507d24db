import type { App } from "../app.ts";
import { page, redirect } from "./answers.ts";
import { keepSignedIn, personOf } from "./guards.ts";
import { homePage } from "./pages/home.ts";

/** `GET /`: what this is, and the field to begin with. Whoever is signed in goes on to the dashboard. */
export async function home(request: Request, app: App): Promise<Response> {
  const person = await personOf(request, app);
  if (person !== null) return keepSignedIn(redirect("/dashboard"), request, app, person);
  return page(homePage({ local: app.config.local, mailTo: `info@${app.config.domain}` }));
}
