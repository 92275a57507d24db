import type { SeededRandom } from "./seeded-random.ts";

const TRADES = [
  "coffee",
  "restaurant",
  "fuel",
  "hotel",
  "rental",
  "online",
  "subscription",
  "shop",
  "transit",
  "cash",
  "person",
] as const;

export type Trade = (typeof TRADES)[number];

/** Somebody money is spent at, and the pieces that mails write their name with. */
export type Merchant = {
  readonly trade: Trade;
  /** As its own receipts and wallets call it. */
  readonly name: string;
  /** As card networks carry it, before anybody cuts or decorates it; `{ref}` is another code for each order. */
  readonly descriptor: string;
  /** What follows the descriptor in long forms: a place, or the telephone number or site of somebody who sells at a distance. */
  readonly place: string;
};

/** How a mail writes merchants. */
export type Writing = "upper" | "cut" | "glued" | "title" | "proper" | "nameless";

/**
 * Two sets of merchants with no merchant in common: rules that know the names of the one are measured on the other.
 * The shapes are those that alert mails were seen with: processors in front, numbers of shops, telephone numbers in
 * the place of a city, names that a wallet and a card write quite differently.
 */
export const VOCABULARIES: Readonly<Record<"development" | "reported", readonly Merchant[]>> = {
  development: merchants(`
    coffee|Blue Ridge Coffee|SQ *BLUE RIDGE COFFEE|ASHEVILLE NC
    coffee|Starbucks|STARBUCKS STORE 04821|SEATTLE WA
    coffee|Dunkin'|DUNKIN #338102|BOSTON MA
    restaurant|The Oak Grill|TST* OAK GRILL|PORTLAND OR
    restaurant|Anmol Indian Restaurant|ANMOL INDIAN RESTAURANT|MILWAUKEE WI
    restaurant|Luigi's|SQ *LUIGIS|NEWARK NJ
    restaurant|Harbor House|HARBOR HOUSE|MYSTIC CT
    restaurant|Taqueria El Sol|TAQUERIA EL SOL #2|AUSTIN TX
    fuel|Shell|SHELL OIL 57442|DENVER CO
    fuel|Chevron|CHEVRON 0093821|RENO NV
    fuel|Costco Gas|COSTCO GAS #1318|MONTEREY PARK CA
    fuel|Meier Oil|MEIER OIL 12|ELGIN IL
    hotel|Hyatt Regency Denver|HYATT REGENCY DENVER|DENVER CO
    hotel|Hampton Inn & Suites|HAMPTON INN & SUITES|TULSA OK
    hotel|The Larkspur|LARKSPUR LODGING|BOZEMAN MT
    rental|Hertz|HERTZ RENT-A-CAR|OKLAHOMA CIT OK
    online|Amazon|AMZN MKTP US*{ref}|AMZN.COM/BILL WA
    online|eBay|EBAY O*{ref}|408-3766151 CA
    online|Etsy, Inc.|ETSY.COM|718-8557955 NY
    online|Valve Corp.|STEAM GAMES|425-952-2985 WA
    online|Green Thread Apparel|GREEN THREAD APPAREL|GREENTHREAD.C CA
    subscription|New York Times|NY TIMES NYT|800-698-4637 NY
    subscription|Spotify USA Inc|SPOTIFY USA|877-7781161 NY
    subscription|Netflix|NETFLIX.COM|LOS GATOS CA
    shop|Stop & Shop|STOP & SHOP 0412|QUINCY MA
    shop|True Value|TRUE VALUE #0023|DESTIN FL
    shop|Trader Joe's|TRADER JOE S #512|BERKELEY CA
    shop|Home Depot|THE HOME DEPOT #1204|MESA AZ
    transit|MTA|MTA*NYCT PAYGO|NEW YORK NY
    cash|ATM withdrawal|ATM WITHDRAWAL 0042 MAIN ST|QUINCY MA
    person|Casey Lind|CASEY LIND|
    person|Robin Ortega|ROBIN ORTEGA|
    coffee|Peet's Coffee|PEETS COFFEE 01203|OAKLAND CA
    coffee|Tidewater Roasters|SQ *TIDEWATER ROASTERS|NORFOLK VA
    coffee|Cafe Lumen|TST* CAFE LUMEN|SAVANNAH GA
    restaurant|Marios Italian|TST*MARIOS ITALIAN|PROVIDENCE RI
    restaurant|Bamboo Garden|BAMBOO GARDEN|FREMONT CA
    restaurant|Smokestack BBQ|SQ *SMOKESTACK BBQ|KANSAS CITY MO
    restaurant|The Copper Kettle|COPPER KETTLE|BOULDER CO
    restaurant|Shake Shack|SHAKE SHACK - 1127|NEW YORK NY
    fuel|Exxon|EXXONMOBIL 48213|MEMPHIS TN
    fuel|Circle K|CIRCLE K # 06221|TUCSON AZ
    fuel|QuikTrip|QT 861|WICHITA KS
    fuel|Lopez Automotive|LOPEZ AUTOMOTIVE & GAS|EL PASO TX
    hotel|Hilton Garden Inn|HILTON GARDEN INN|BOISE ID
    hotel|Marriott Waterfront|MARRIOTT WATERFRONT|SEATTLE WA
    hotel|Driftwood Shores|DRIFTWOOD SHORES|FLORENCE OR
    rental|Enterprise|ENTERPRISE RENT-A-CAR|ORLANDO FL
    online|Amazon|AMAZON.COM*{ref}|AMZN.COM/BILL WA
    online|Chewy|CHEWY.COM|800-672-4399 FL
    online|Nintendo of America Inc.|NINTENDO|425-8822040 WA
    online|Twitch Interactive, Inc.|TWITCHINTER|415-919-5000 CA
    online|Paper & Pine|SP PAPER & PINE|PAPERANDPINE. OR
    subscription|The Washington Post|WASHPOST|800-477-4679 DC
    subscription|Hulu|HLU*HULUPLUS|SANTA MONICA CA
    subscription|Dropbox|DROPBOX*{ref}|DROPBOX.COM CA
    shop|Whole Foods|WHOLEFDS RVS 10230|RIVERSIDE CA
    shop|Walgreens|WALGREENS #5521|TAMPA FL
    shop|Ace Hardware|ACE HDWE 11442|FARGO ND
    shop|Fred Meyer|FRED-MEYER #0215|BEND OR
    transit|Ventra|VENTRA ACCOUNT|CHICAGO IL
    cash|Cash withdrawal|CREDIT UNION ATM 7710|SALEM OR
    person|Jordan Sample|JORDAN SAMPLE|
    person|Alex Quimby|ALEX QUIMBY|
    coffee|Caribou Coffee|CARIBOU COFFEE CO 1234|MINNEAPOLIS MN
    coffee|Tim Hortons|TIM HORTONS #4410|BUFFALO NY
    coffee|Lantern Espresso|SQ *LANTERN ESPRESSO|EUGENE OR
    restaurant|Olive & Thyme|TST* OLIVE & THYME|BURBANK CA
    restaurant|Pho Saigon|PHO SAIGON|HOUSTON TX
    restaurant|Chili's|CHILIS GRILL 0882|PLANO TX
    restaurant|Brewer's Table|CLP*BREWERS TABLE|MADISON WI
    restaurant|La Petite Ferme|LA PETITE FERME|NEW ORLEANS LA
    fuel|Mobil|MOBIL 4471|WORCESTER MA
    fuel|7-Eleven|7-ELEVEN 33412|LAS VEGAS NV
    fuel|Kroger Fuel Center|KROGER FUEL CTR 4471|DAYTON OH
    fuel|Buc-ee's|BUC-EE'S #22|TEMPLE TX
    hotel|Embassy Suites|EMBASSY STES|RALEIGH NC
    hotel|Sheraton Grand|SHERATON GRAND|PHOENIX AZ
    hotel|La Quinta|LA QUINTA INN|AMARILLO TX
    hotel|The Alder House|ALDER HOUSE|ITHACA NY
    rental|Budget|BUDGET RENT-A-CAR|MIAMI FL
    rental|Sixt|SIXT US|FORT LAUDERDA FL
    online|Walmart.com|WALMART.COM|800-925-6278 AR
    online|Target|TARGET.COM *|800-591-3869 MN
    online|Amazon|AMAZON RETA* {ref}|WWW.AMAZON.CO WA
    online|Uber|UBER *EATS|HELP.UBER.COM CA
    online|Best Buy|BESTBUYCOM{ref}|888-237-8289 MN
    online|Fern & Fable|FERN & FABLE|FERNANDFABLE. VT
    subscription|Google|GOOGLE *YOUTUBEPREMIUM|G.CO/HELPPAY# CA
    subscription|Adobe Inc.|ADOBE INC|408-536-6000 CA
    subscription|Disney Plus|DISNEYPLUS|888-9057888 CA
    shop|Costco|COSTCO WHSE #0144|SAN DIEGO CA
    shop|CVS|CVS/PHARMACY #03381|HARTFORD CT
    shop|Target|TARGET 00021453|OMAHA NE
    shop|Lowe's|LOWES #01720*|CHARLOTTE NC
    transit|BART|BART CLIPPER MOBILE|OAKLAND CA
    transit|Bus or train|BUS/MRT|
    cash|ATM|ATM W/D 1182 ELM ST|DURHAM NC
    person|Morgan Vale|MORGAN VALE|
    person|Sam Rivera|SAM RIVERA|
  `),
  reported: merchants(`
    coffee|Philz Coffee|PHILZ COFFEE INC|BERKELEY CA
    coffee|Dutch Bros|DUTCH BROS OR0214|MEDFORD OR
    coffee|The Daily Grind|SQ *THE DAILY GRIND|ROANOKE VA
    coffee|Second Cup|SECOND CUP 9213|ANN ARBOR MI
    restaurant|Nando's|NANDOS PERI PERI|WASHINGTON DC
    restaurant|Mama Rosa|TST* MAMA ROSA TRATTORIA|YONKERS NY
    restaurant|Noodle Bar|NOODLE BAR 88|SEATTLE WA
    restaurant|Waffle House|WAFFLE HOUSE 1140|MACON GA
    restaurant|El Farol|EL FAROL|SANTA FE NM
    fuel|Marathon|MARATHON PETRO172|TOLEDO OH
    fuel|Sheetz|SHEETZ 0412|ALTOONA PA
    fuel|Safeway Fuel|SAFEWAY FUEL 1872|SPOKANE WA
    fuel|Town Pump|TOWN PUMP 8812|BUTTE MT
    hotel|Holiday Inn Express|HOLIDAY INN EXP|AKRON OH
    hotel|Residence Inn|RESIDENCE INN|SAN JOSE CA
    hotel|Omni|OMNI HOTELS|DALLAS TX
    hotel|Cedar & Salt|CEDAR & SALT|BAR HARBOR ME
    rental|National|NATIONAL CAR RENTAL|ATLANTA GA
    rental|Avis|AVIS RENT-A-CAR|NEWARK NJ
    online|AliExpress|ALIEXPRESS.COM|SINGAPORE SG
    online|IKEA|IKEA.COM 412331|888-888-4532 MD
    online|Amazon|AMZN MKTP US*{ref}|AMZN.COM/BILL WA
    online|DoorDash|DD *DOORDASH THAIHOUSE|WWW.DOORDASH. CA
    online|Udemy|UDEMY: ONLINE COURSES|SAN FRANCISC CA
    online|Juniper Toys|JUNIPER TOYS|JUNIPERTOYS.C NH
    subscription|Apple|APPLE.COM/BILL|866-712-7753 CA
    subscription|Microsoft|MICROSOFT*XBOX GAME PASS|MSBILL.INFO WA
    subscription|Patreon|PATREON* MEMBERSHIP|INTERNET CA
    subscription|The Economist|ECONOMIST NEWSPAPER|800-456-6086 MO
    shop|Kroger|KROGER #0556|LEXINGTON KY
    shop|Walmart|WM SUPERCENTER #2114|BOISE ID
    shop|REI|REI #31|BELLEVUE WA
    shop|Publix|PUBLIX #1482|OCALA FL
    transit|TriMet|TRIMET HOP|PORTLAND OR
    transit|Metro|LA METRO TAP|LOS ANGELES CA
    cash|ATM|FIRST NATL ATM 22|MOBILE AL
    person|Taylor Finch|TAYLOR FINCH|
    person|Jamie Okoro|JAMIE OKORO|
  `),
};

/** The merchant's name as one mail has it. `order` is the code of this order, the same in all mails about it. */
export function written(merchant: Merchant, writing: Writing, order: string, random: SeededRandom): string {
  const descriptor = merchant.descriptor.replace("{ref}", order);
  // What a parser may put where the mail names nobody.
  if (writing === "nameless") return random.pick(["", "Card purchase"]);
  if (writing === "proper") return merchant.name;
  if (writing === "cut") return descriptor.slice(0, random.pick([20, 21, 22, 23, 25])).trim();
  if (writing === "title") return titled(descriptor);
  if (writing === "upper" || merchant.place === "") return descriptor;
  return glued(descriptor, merchant.place, random);
}

/** A processor's or wallet's mark before the name, which is then shortened to what fits behind it. */
export function viaWallet(mark: string, merchant: Merchant): string {
  const plain = merchant.descriptor.replace(/^(?:SQ \*|TST\* ?|SP )/, "").replace(/\*?\{ref\}/, "");
  return `${mark}${plain.slice(0, 14).trim()}`;
}

function glued(descriptor: string, place: string, random: SeededRandom): string {
  const state = place.slice(-3);
  const city = place.slice(0, -3);
  return random.pick([`${descriptor} ${city}US`, `${descriptor} ${place}`, `${descriptor} ${city}${state.trim()}`]);
}

function titled(text: string): string {
  return text.toLowerCase().replace(/(?<![a-z'])[a-z]/g, (letter) => letter.toUpperCase());
}

function merchants(table: string): Merchant[] {
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [trade = "", name = "", descriptor = "", place = ""] = line.trim().split("|");
      return { trade: tradeOf(trade), name, descriptor, place };
    });
}

function tradeOf(text: string): Trade {
  const trade = TRADES.find((known) => known === text);
  if (trade === undefined) throw new Error(`There is no such trade: ${text}`);
  return trade;
}
