/** Where a team of that NBA.com abbreviation played at home: position (degrees), IANA time zone, first and last season. */
interface Arena {
  abbr: string;
  lat: number;
  lon: number;
  timezone: string;
  first: number;
  last: number;
}

/** One franchise of today, and the seasons that it has been in its arena. */
interface Team extends Arena {
  city: string;
  name: string;
}

/** Stands for the last season of what goes on. */
const OPEN = 9999;

const ET = "America/New_York";
const CT = "America/Chicago";
const MT = "America/Denver";
const PT = "America/Los_Angeles";

function team(
  abbr: string,
  city: string,
  name: string,
  lat: number,
  lon: number,
  timezone: string,
  first: number,
): Team {
  return { abbr, city, name, lat, lon, timezone, first, last: OPEN };
}

/** The 30 teams, by abbreviation. Arena positions to about 100 m, from public maps. */
export const TEAMS: readonly Team[] = [
  team("ATL", "Atlanta", "Hawks", 33.757, -84.396, ET, 1968),
  team("BKN", "Brooklyn", "Nets", 40.683, -73.975, ET, 2012),
  team("BOS", "Boston", "Celtics", 42.366, -71.062, ET, 1946),
  team("CHA", "Charlotte", "Hornets", 35.225, -80.839, ET, 2005),
  team("CHI", "Chicago", "Bulls", 41.881, -87.674, CT, 1966),
  team("CLE", "Cleveland", "Cavaliers", 41.496, -81.688, ET, 1994),
  team("DAL", "Dallas", "Mavericks", 32.79, -96.81, CT, 1980),
  team("DEN", "Denver", "Nuggets", 39.749, -105.008, MT, 1976),
  team("DET", "Detroit", "Pistons", 42.341, -83.055, ET, 2017),
  team("GSW", "Golden State", "Warriors", 37.768, -122.388, PT, 2019),
  team("HOU", "Houston", "Rockets", 29.751, -95.362, CT, 2003),
  team("IND", "Indiana", "Pacers", 39.764, -86.156, ET, 1976),
  team("LAC", "LA", "Clippers", 33.945, -118.343, PT, 2024),
  team("LAL", "Los Angeles", "Lakers", 34.043, -118.267, PT, 1999),
  team("MEM", "Memphis", "Grizzlies", 35.138, -90.051, CT, 2001),
  team("MIA", "Miami", "Heat", 25.781, -80.188, ET, 1988),
  team("MIL", "Milwaukee", "Bucks", 43.045, -87.917, CT, 1968),
  team("MIN", "Minnesota", "Timberwolves", 44.98, -93.276, CT, 1989),
  team("NOP", "New Orleans", "Pelicans", 29.949, -90.082, CT, 2013),
  team("NYK", "New York", "Knicks", 40.751, -73.993, ET, 1946),
  team("OKC", "Oklahoma City", "Thunder", 35.463, -97.515, CT, 2008),
  team("ORL", "Orlando", "Magic", 28.539, -81.384, ET, 1989),
  team("PHI", "Philadelphia", "76ers", 39.901, -75.172, ET, 1963),
  team("PHX", "Phoenix", "Suns", 33.446, -112.071, "America/Phoenix", 1992),
  team("POR", "Portland", "Trail Blazers", 45.532, -122.667, PT, 1970),
  team("SAC", "Sacramento", "Kings", 38.58, -121.5, PT, 2016),
  team("SAS", "San Antonio", "Spurs", 29.427, -98.438, CT, 2002),
  team("TOR", "Toronto", "Raptors", 43.643, -79.379, ET, 2021),
  team("UTA", "Utah", "Jazz", 40.768, -111.901, MT, 1979),
  team("WAS", "Washington", "Wizards", 38.898, -77.021, ET, 1997),
];

function arena(abbr: string, lat: number, lon: number, timezone: string, first: number, last: number): Arena {
  return { abbr, lat, lon, timezone, first, last };
}

/**
 * Where teams are no longer: abbreviations that are gone, arenas of before. A move of less than two miles is none; of
 * two homes in a season it is the one with more games.
 */
const PAST: readonly Arena[] = [
  arena("AND", 40.105, -85.68, "America/Indiana/Indianapolis", 1949, 1949), // Anderson
  arena("BAL", 39.31, -76.64, ET, 1947, 1954), // Baltimore
  arena("BLT", 39.289, -76.619, ET, 1963, 1972), // Baltimore
  arena("BOM", 38.63, -90.282, CT, 1946, 1949), // St. Louis
  arena("BUF", 42.877, -78.879, ET, 1970, 1977), // Buffalo
  arena("CAP", 38.902, -76.845, ET, 1973, 1973), // Landover
  arena("CHA", 35.184, -80.902, ET, 2004, 2004), // Charlotte Coliseum
  arena("CHH", 35.184, -80.902, ET, 1988, 2001), // Charlotte Coliseum
  arena("CHP", 41.819, -87.654, CT, 1961, 1961), // Chicago
  arena("CHS", 41.881, -87.674, CT, 1946, 1949), // Chicago
  arena("CHZ", 41.859, -87.624, CT, 1962, 1962), // Chicago
  arena("CIN", 39.187, -84.457, ET, 1957, 1971), // Cincinnati
  arena("CLE", 41.503, -81.66, ET, 1970, 1973), // Cleveland
  arena("CLE", 41.246, -81.594, ET, 1974, 1993), // Richfield
  arena("CLR", 41.503, -81.66, ET, 1946, 1946), // Cleveland
  arena("DEF", 42.351, -83.099, ET, 1946, 1946), // Detroit
  arena("DET", 42.327, -83.049, ET, 1957, 1977), // Detroit
  arena("DET", 42.646, -83.255, ET, 1978, 1987), // Pontiac
  arena("DET", 42.697, -83.246, ET, 1988, 2016), // Auburn Hills
  arena("DN", 39.749, -105.008, MT, 1949, 1949), // Denver
  arena("FTW", 41.115, -85.126, "America/Indiana/Indianapolis", 1948, 1956), // Fort Wayne
  arena("GOS", 37.75, -122.203, PT, 1971, 1995), // Oakland
  arena("GSW", 37.75, -122.203, PT, 1971, 1995), // Oakland
  arena("GSW", 37.333, -121.901, PT, 1996, 1996), // San Jose
  arena("GSW", 37.75, -122.203, PT, 1997, 2018), // Oakland
  arena("HOU", 29.73, -95.435, CT, 1971, 2002), // The Summit
  arena("HUS", 43.662, -79.38, ET, 1946, 1946), // Toronto
  arena("INO", 39.843, -86.167, "America/Indiana/Indianapolis", 1949, 1952), // Indianapolis
  arena("JET", 39.843, -86.167, "America/Indiana/Indianapolis", 1948, 1948), // Indianapolis
  arena("KCK", 39.092, -94.606, CT, 1972, 1984), // Kansas City
  arena("LAC", 34.014, -118.288, PT, 1984, 1998), // Sports Arena
  arena("LAC", 34.043, -118.267, PT, 1999, 2023), // the Lakers' building
  arena("LAL", 34.014, -118.288, PT, 1960, 1966), // Sports Arena
  arena("LAL", 33.958, -118.342, PT, 1967, 1998), // Inglewood
  arena("MIH", 43.044, -87.917, CT, 1951, 1954), // Milwaukee
  arena("MNL", 44.972, -93.273, CT, 1948, 1959), // Minneapolis
  arena("NJN", 40.525, -74.435, ET, 1977, 1980), // Piscataway
  arena("NJN", 40.812, -74.068, ET, 1981, 2009), // East Rutherford
  arena("NJN", 40.734, -74.171, ET, 2010, 2011), // Newark
  arena("NOH", 29.949, -90.082, CT, 2002, 2004), // New Orleans
  arena("NOH", 35.463, -97.515, CT, 2005, 2006), // Oklahoma City
  arena("NOH", 29.949, -90.082, CT, 2007, 2012), // New Orleans
  arena("NOJ", 29.951, -90.081, CT, 1974, 1978), // New Orleans
  arena("NOK", 35.463, -97.515, CT, 2005, 2006), // Oklahoma City
  arena("NYN", 40.723, -73.59, ET, 1976, 1976), // Uniondale
  arena("PHL", 39.901, -75.172, ET, 1963, 1995), // Philadelphia
  arena("PHW", 39.949, -75.193, ET, 1946, 1961), // Philadelphia
  arena("PHX", 33.468, -112.097, "America/Phoenix", 1968, 1991), // Veterans Coliseum
  arena("PIT", 40.449, -79.951, ET, 1946, 1946), // Pittsburgh
  arena("PRO", 41.839, -71.399, ET, 1946, 1948), // Providence
  arena("ROC", 43.153, -77.609, ET, 1948, 1956), // Rochester
  arena("SAC", 38.649, -121.518, PT, 1985, 2015), // Natomas
  arena("SAN", 29.417, -98.484, CT, 1976, 1995), // San Antonio
  arena("SAS", 29.417, -98.479, CT, 1976, 2001), // Downtown
  arena("SDC", 32.755, -117.212, PT, 1978, 1983), // San Diego
  arena("SDR", 32.755, -117.212, PT, 1967, 1970), // San Diego
  arena("SEA", 47.622, -122.354, PT, 1967, 1993), // Seattle
  arena("SEA", 47.237, -122.427, PT, 1994, 1994), // Tacoma
  arena("SEA", 47.622, -122.354, PT, 1995, 2007), // Seattle
  arena("SFW", 37.707, -122.419, PT, 1962, 1970), // Daly City
  arena("SHE", 43.751, -87.714, CT, 1949, 1949), // Sheboygan
  arena("STL", 38.628, -90.201, CT, 1955, 1967), // St. Louis
  arena("SYR", 43.043, -76.148, ET, 1949, 1962), // Syracuse
  arena("TCB", 41.491, -90.519, CT, 1949, 1950), // Moline
  arena("TOR", 43.643, -79.379, ET, 1995, 2019), // Toronto
  arena("TOR", 27.943, -82.452, ET, 2020, 2020), // Tampa
  arena("UTH", 40.768, -111.901, MT, 1979, 1995), // Salt Lake City
  arena("VAN", 49.278, -123.109, "America/Vancouver", 1995, 2000), // Vancouver
  arena("WAS", 38.905, -77.003, ET, 1946, 1950), // Washington
  arena("WAS", 38.902, -76.845, ET, 1973, 1996), // Landover
  arena("WAT", 42.49, -92.34, CT, 1949, 1949), // Waterloo
];

/** All homes since 1946, by abbreviation and season. */
export const ARENAS: readonly Arena[] = [...PAST, ...TEAMS].sort(
  (a, b) => a.abbr.localeCompare(b.abbr) || a.first - b.first,
);

/** Where a game is at neither's home, though the schedule calls one of them the home team. */
interface Site {
  place: keyof typeof PLACES;
  /** First and last date. */
  first: string;
  last: string;
  /** Whose game it is; without them every game of the dates. */
  teams?: readonly [string, string];
}

/** Places of such games: latitude and longitude of the arena, degrees. */
export const PLACES = {
  Berlin: [52.505, 13.444],
  "Lake Buena Vista": [28.337, -81.556],
  "Las Vegas": [36.103, -115.178],
  London: [51.503, 0.003],
  "Mexico City": [19.497, -99.176],
  Paris: [48.839, 2.379],
  Saitama: [35.895, 139.631],
  Tokyo: [35.668, 139.763],
  Yokohama: [35.512, 139.62],
} as const satisfies Record<string, readonly [lat: number, lon: number]>;

function site(place: Site["place"], first: string, last = first, teams?: Site["teams"]): Site {
  return { place, first, last, ...(teams ? { teams } : {}) };
}

/** The season's end of 2020 in one place, the Cup's last two rounds, and games abroad. */
export const SITES: readonly Site[] = [
  site("Lake Buena Vista", "2020-07-30", "2020-10-11"),
  site("Las Vegas", "2023-12-07"),
  site("Las Vegas", "2023-12-09"),
  site("Las Vegas", "2024-12-14"),
  site("Las Vegas", "2024-12-17"),
  site("Las Vegas", "2025-12-13"),
  site("Las Vegas", "2025-12-16"),
  site("Tokyo", "1990-11-02", "1990-11-03", ["PHX", "UTH"]),
  site("Yokohama", "1992-11-06", "1992-11-08", ["HOU", "SEA"]),
  site("Yokohama", "1994-11-04", "1994-11-06", ["LAC", "POR"]),
  site("Tokyo", "1996-11-08", "1996-11-10", ["NJN", "ORL"]),
  site("Mexico City", "1997-12-06", "1997-12-06", ["DAL", "HOU"]),
  site("Tokyo", "1999-11-06", "1999-11-08", ["MIN", "SAC"]),
  site("Saitama", "2003-10-30", "2003-11-02", ["LAC", "SEA"]),
  site("London", "2011-03-04", "2011-03-05", ["NJN", "TOR"]),
  site("London", "2013-01-17", "2013-01-17", ["DET", "NYK"]),
  site("London", "2014-01-16", "2014-01-16", ["ATL", "BKN"]),
  site("Mexico City", "2014-11-12", "2014-11-12", ["HOU", "MIN"]),
  site("London", "2015-01-15", "2015-01-15", ["MIL", "NYK"]),
  site("Mexico City", "2015-12-03", "2015-12-03", ["BOS", "SAC"]),
  site("London", "2016-01-14", "2016-01-14", ["ORL", "TOR"]),
  site("Mexico City", "2017-01-12", "2017-01-12", ["DAL", "PHX"]),
  site("London", "2017-01-12", "2017-01-12", ["DEN", "IND"]),
  site("Mexico City", "2017-01-14", "2017-01-14", ["PHX", "SAS"]),
  site("Mexico City", "2017-12-07", "2017-12-07", ["BKN", "OKC"]),
  site("Mexico City", "2017-12-09", "2017-12-09", ["BKN", "MIA"]),
  site("London", "2018-01-11", "2018-01-11", ["BOS", "PHI"]),
  site("Mexico City", "2018-12-13", "2018-12-13", ["CHI", "ORL"]),
  site("Mexico City", "2018-12-15", "2018-12-15", ["ORL", "UTA"]),
  site("London", "2019-01-17", "2019-01-17", ["NYK", "WAS"]),
  site("Mexico City", "2019-12-12", "2019-12-12", ["DAL", "DET"]),
  site("Mexico City", "2019-12-14", "2019-12-14", ["PHX", "SAS"]),
  site("Paris", "2020-01-24", "2020-01-24", ["CHA", "MIL"]),
  site("Mexico City", "2022-12-17", "2022-12-17", ["MIA", "SAS"]),
  site("Paris", "2023-01-19", "2023-01-19", ["CHI", "DET"]),
  site("Mexico City", "2023-11-09", "2023-11-09", ["ATL", "ORL"]),
  site("Paris", "2024-01-11", "2024-01-11", ["BKN", "CLE"]),
  site("Mexico City", "2024-11-02", "2024-11-02", ["MIA", "WAS"]),
  site("Paris", "2025-01-23", "2025-01-25", ["IND", "SAS"]),
  site("Mexico City", "2025-11-01", "2025-11-01", ["DAL", "DET"]),
  site("Berlin", "2026-01-15", "2026-01-15", ["MEM", "ORL"]),
  site("London", "2026-01-18", "2026-01-18", ["MEM", "ORL"]),
];
