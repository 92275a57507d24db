import type { Storage } from "./storage.ts";

/** Makes the bucket, and the variables that have a machine dump into it for a recipient. */
export async function dumpsInto(storage: Storage, recipient: string): Promise<Readonly<Record<string, unknown>>> {
  (await storage.makeBucket()).destroy();
  const { endpoint, bucket, prefix, accessKeyId, secretAccessKey } = storage.settings("machine");
  return {
    ...{ wtmm_s3_endpoint: endpoint, wtmm_s3_bucket: bucket, wtmm_s3_prefix: prefix, wtmm_s3_force_path_style: true },
    ...{ wtmm_s3_access_key_id: accessKeyId, wtmm_s3_secret_access_key: secretAccessKey },
    wtmm_dump_recipient: recipient,
  };
}
