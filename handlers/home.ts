import type { App } from "../app.ts";
import { page, redirect } from "./answers.ts";
import { personOf } from "./guards.ts";
import { homePage } from "./pages/home.ts";

/** `GET /`: what this is, and the field to begin with. Whoever is signed in goes on to the dashboard. */
export async function home(request: Request, app: App): Promise<Response> {
  if ((await personOf(request, app)) !== null) return redirect("/dashboard");
  return page(homePage({ local: app.config.local, mailTo: `info@${app.config.domain}` }));
}
