/** Words that stay in capitals where all else becomes readable: what people only ever write so. */
export const ACRONYMS: ReadonlySet<string> = new Set(
  `AMC AMZN A&W ATM AT&T ATT BART BP CTA CVS EBT FTD GNC H&M HBO HEB IHOP IKEA II III IV JCB KFC LLC MTA NY NYC NYCT NYT PNC PNS QVC REI RTD SBB
  SBI SNCF SUV UCLA UPI UPS USA USAA USC USPS UK US VIP YMCA YWCA`.split(/\s+/),
);

/** Without a vowel like an acronym, yet a word cut short. */
export const ABBREVIATIONS: ReadonlySet<string> = new Set(
  "BLVD CRK CTR DR FT HTS JR LN LTD MKT MR MRS MS MT PKG PL RD RST SQ SR ST STR".split(" "),
);

/** Small words inside a name. */
export const SMALL: ReadonlySet<string> = new Set("AND DA DE DEL DES DU ET FOR OF THE UND Y".split(" "));

/** States and provinces that close a line; not those that also close names, such as CO, DE, IN, LA, ME, OK and OR. */
export const STATES =
  "AK|AZ|AR|CA|CT|FL|GA|IA|IL|KS|KY|MD|MI|MN|MO|MS|MT|NC|ND|NE|NH|NJ|NM|NV|NY|OH|RI|SC|SD|TN|TX|UT|VA|VT|WA|WI|WV|WY|DC|ON|BC|AB|QC|NS|NB|MB|SK";

/** The others, believed only behind a number or a place that is known. */
export const MORE_STATES = "AL|CO|DE|HI|ID|IN|LA|MA|ME|OK|OR|PA|PR";

/** Countries as card networks write them behind a place, with a space or without. */
export const COUNTRIES =
  "USA|US|CAN|CA|MEX|MX|DOM|DO|CRI|CR|COL|CO|PER|PE|CHL|CL|BRA|BR|GBR|GB|CHE|CH|DEU|DE|SGP|SG|JPN|JP|IND|IN";

/** Places that alerts were seen with, or that are as common: only where a state or a country follows are they taken for one. */
export const PLACES =
  `ATLANTA|AUSTIN|BANGALORE|BENGALURU|BERLIN|BOGOTA|BOSTON|BROOKLYN|CHARLOTTE|CHICAGO|DALLAS|DENVER|DES MOINES|DETROIT|GENEVE|HOUSTON|
LAS VEGAS|LIMA|LONDON|LOS ANGELES|LOS GATOS|MEDELLIN|MEXICO CITY|MIAMI|MINNEAPOLIS|MONTEREY PARK|MONTREAL|MUMBAI|NASHVILLE|
NEW DELHI|NEW YORK|OAKLAND|PHILADELPHIA|PHOENIX|PORTLAND|SACRAMENTO|SAN ANTONIO|SAN DIEGO|SAN FRANCISCO|SAN JOSE|
SANTA MONICA|SANTIAGO|SANTO DOMINGO|SAO PAULO|SEATTLE|SINGAPORE|TOKYO|TORONTO|VANCOUVER|WASHINGTON|ZURICH`.replaceAll(
    "\n",
    "",
  );

/** Words that tell a trade, so that sharing one says nothing. */
export const TRADES: ReadonlySet<string> = new Set(
  `AUTO BAKERY BAR BBQ BILL CAFE CITY COFFEE FOOD FOODS FUEL GAMES GARDEN GAS GRILL HELP HOTEL HOUSE INN INTERNATIONAL
  KITCHEN MARKET OIL ONLINE PARKING PIZZA RESTAURANT SERVICE SERVICES SHOP STATION STORE SUITES SUPERMARKET TRIP`.split(
    /\s+/,
  ),
);

/** A company's form, or what stands around a site's name. */
export const FORMS: ReadonlySet<string> = new Set("COM COMPANY CORP INC LLC LTD NET ORG WWW".split(" "));

/** What parsers and banks put where a mail has no merchant: words for the card or the account. */
export const NOBODY: ReadonlySet<string> = new Set("CARD CREDIT DEBIT PAYMENT PURCHASE TRANSACTION".split(" "));

/** Articles, and the small words between others. */
export const ARTICLES: ReadonlySet<string> = new Set(
  "A AN AND AT DA DAS DE DEL DER DES DI DIE DO DU EL ET IL IN LA LAS LE LES LO LOS OF THE UND Y".split(" "),
);

/** Who pays for many merchants, so that their name names none of these. */
export const WALLETS: ReadonlySet<string> = new Set("PAYPAL VENMO ZELLE".split(" "));

/** Words of places' names, those of several words above all: two shops of one town share them. */
export const PLACE_WORDS: ReadonlySet<string> = new Set(
  [
    ...[PLACES, STATES, MORE_STATES, COUNTRIES].flatMap((names) => names.split(/[| ]/)),
    ...`AIRES ALTO ANGELES ANN BATON BAY BEACH BEND BUENOS CAPE CREEK DOWNTOWN EAST FALLS FORT FT HEIGHTS HILLS HONG ISLAND
    JERSEY KANSAS KONG KUALA LAKE LITTLE LONG LOUIS LUMPUR MOUNT NORTH ORLEANS PALM PALO PARK PAUL PETERSBURG PORT RAPIDS
    RIO ROCK ROUGE SAINT SALT SANTA SOUTH SPRINGS ST TEXAS TOWN VALLEY VEGAS VIRGINIA WEST WORTH`.split(/\s+/),
  ].filter((word) => word !== ""),
);
