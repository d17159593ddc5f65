export { ErrorResponse, UserManager, WebStorageStateStore } from "oidc-client-ts";
