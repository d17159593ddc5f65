"""Brings Manyhands to AWS, and takes it away again, by CloudFormation and nothing else.

    make package STAGE=prod     the template and the code, in build/prod
    make deploy STAGE=prod      package, upload, change set, wait, page
    make undeploy STAGE=prod    the stack goes, bucket, table and pool stay

Everything may be repeated: what is there already is left as it is, what failed is begun anew.
Refused: `chalice deploy`, which knows neither the table nor the page and keeps its own record of
what exists on one person's disk; the AWS CLI and SAM's, which would have to be installed.
"""
