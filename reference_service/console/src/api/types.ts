import type { components } from "./schema";

type Schemas = components["schemas"];

export type Vendor = Schemas["VendorDiscoveryResult"];
export type VendorDetails = Schemas["VendorDetails"];
export type Endpoint = Schemas["Endpoint"];
export type HealthCheck = Schemas["HealthCheck"];
export type CategoryCount = Schemas["CategoryCount"];
export type SearchAnswer = Schemas["SearchAnswer"];
export type Suggestion = Schemas["QuickAnswer"]["results"][number];
export type Sort = Schemas["Sort"];
