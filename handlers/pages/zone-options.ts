import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { sayZone } from "./say-when.ts";

/** The options of a time zone `<select>`: every IANA zone this runtime knows, by region, and `chosen` even when it is an alias. */
export function zoneOptions(chosen: string): Html {
  const regions = Map.groupBy(Intl.supportedValuesOf("timeZone"), (zone) => zone.slice(0, zone.indexOf("/")));
  const isListed = [...regions.values()].some((zones) => zones.includes(chosen));
  const others = chosen === "UTC" || isListed ? ["UTC"] : ["UTC", chosen];
  return html`${[...regions].map(
      ([region, zones]) =>
        html`<optgroup label="${region}">${zones.map((zone) => option(zone, inside(zone), chosen))}</optgroup>`,
    )}
    <optgroup label="Other">${others.map((zone) => option(zone, zone, chosen))}</optgroup>`;
}

/** "Buenos Aires, Argentina": cities first, since people look for theirs by its first letter. */
function inside(zone: string): string {
  const [, region] = zone.split("/").slice(0, -1);
  return region === undefined ? sayZone(zone) : `${sayZone(zone)}, ${sayZone(region)}`;
}

function option(zone: string, words: string, chosen: string): Html {
  return html`<option value="${zone}" ${zone === chosen && html`selected`}>${words}</option>`;
}
