// The older name.
export { GET } from "../ready/route";
