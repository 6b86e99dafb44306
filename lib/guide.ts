/** The cookie of a browser in which the guided first view was hidden. */
export const GUIDE_COOKIE = "fullcourt-guide";
