"""moto, made as strict as S3 and as atomic as DynamoDB, where Manyhands leans on it.

Stock moto takes a presigned PUT with a bad signature, after its time, with other bytes than were
signed for; it loses parts from long lists; its DynamoDB loses updates under threads. What passes
against it proves nothing; and it cannot revoke a sign-in. ``gate`` looks at what comes in; ``s3``,
``dynamodb`` and ``cognito`` mend the models; ``server`` runs all of it. They reach into moto's
insides, so they insist on the version they know.
"""
