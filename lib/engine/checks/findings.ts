export type { Finding } from "../../api/coverage";
