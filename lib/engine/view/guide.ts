export const GUIDE_COOKIE = "fullcourt-guide";
