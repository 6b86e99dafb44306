/** One franchise: NBA.com abbreviation, name, arena position (degrees) and IANA time zone. */
export interface Team {
  abbr: string;
  city: string;
  name: string;
  lat: number;
  lon: number;
  timezone: string;
}

const ET = "America/New_York";
const CT = "America/Chicago";
const MT = "America/Denver";
const PT = "America/Los_Angeles";

function team(abbr: string, city: string, name: string, lat: number, lon: number, timezone: string): Team {
  return { abbr, city, name, lat, lon, timezone };
}

/** The 30 teams, by abbreviation. Arena positions to about 100 m, from public maps. */
export const TEAMS: readonly Team[] = [
  team("ATL", "Atlanta", "Hawks", 33.757, -84.396, ET),
  team("BKN", "Brooklyn", "Nets", 40.683, -73.975, ET),
  team("BOS", "Boston", "Celtics", 42.366, -71.062, ET),
  team("CHA", "Charlotte", "Hornets", 35.225, -80.839, ET),
  team("CHI", "Chicago", "Bulls", 41.881, -87.674, CT),
  team("CLE", "Cleveland", "Cavaliers", 41.496, -81.688, ET),
  team("DAL", "Dallas", "Mavericks", 32.79, -96.81, CT),
  team("DEN", "Denver", "Nuggets", 39.749, -105.008, MT),
  team("DET", "Detroit", "Pistons", 42.341, -83.055, ET),
  team("GSW", "Golden State", "Warriors", 37.768, -122.388, PT),
  team("HOU", "Houston", "Rockets", 29.751, -95.362, CT),
  team("IND", "Indiana", "Pacers", 39.764, -86.156, ET),
  team("LAC", "LA", "Clippers", 33.945, -118.343, PT),
  team("LAL", "Los Angeles", "Lakers", 34.043, -118.267, PT),
  team("MEM", "Memphis", "Grizzlies", 35.138, -90.051, CT),
  team("MIA", "Miami", "Heat", 25.781, -80.188, ET),
  team("MIL", "Milwaukee", "Bucks", 43.045, -87.917, CT),
  team("MIN", "Minnesota", "Timberwolves", 44.98, -93.276, CT),
  team("NOP", "New Orleans", "Pelicans", 29.949, -90.082, CT),
  team("NYK", "New York", "Knicks", 40.751, -73.993, ET),
  team("OKC", "Oklahoma City", "Thunder", 35.463, -97.515, CT),
  team("ORL", "Orlando", "Magic", 28.539, -81.384, ET),
  team("PHI", "Philadelphia", "76ers", 39.901, -75.172, ET),
  team("PHX", "Phoenix", "Suns", 33.446, -112.071, "America/Phoenix"),
  team("POR", "Portland", "Trail Blazers", 45.532, -122.667, PT),
  team("SAC", "Sacramento", "Kings", 38.58, -121.5, PT),
  team("SAS", "San Antonio", "Spurs", 29.427, -98.438, CT),
  team("TOR", "Toronto", "Raptors", 43.643, -79.379, ET),
  team("UTA", "Utah", "Jazz", 40.768, -111.901, MT),
  team("WAS", "Washington", "Wizards", 38.898, -77.021, ET),
];

export function teamOf(abbr: string): Team | undefined {
  return TEAMS.find((one) => one.abbr === abbr);
}
