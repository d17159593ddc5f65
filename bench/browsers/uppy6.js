// The current Uppy as its documents advise for large files: parts, and temporary credentials, with
// which it signs in the browser ("less overhead, +20 % upload speed") and talks to S3 alone.
//
// It computes no checksum, so it does less than is done by the page that it is compared with. Asked
// for in the address: `storage`, and `part`, the size of parts in bytes; without it, Uppy's own choice.

import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { CREDENTIALS, REGION, serve, STORAGE, WISHES } from "./common.js";

serve(
  new Uppy({ autoProceed: true }).use(AwsS3, {
    shouldUseMultipart: true,
    s3Endpoint: STORAGE,
    region: REGION,
    getCredentials: async () => ({ credentials: CREDENTIALS, region: REGION }),
    ...WISHES,
  }),
);
